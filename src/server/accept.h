// Which media types a client takes (RFC 9110 section 12.5.1).
#pragma once

#include <string_view>

#include "server/http.h"

namespace tideway::server {

/// True when the client names `type` itself, not by a `*`, and does not like `usual` better.
bool asks_for(const Headers& headers, std::string_view type, std::string_view usual);

}  // namespace tideway::server

// Which content codings a client takes (RFC 9110 section 12.5.3).
#pragma once

#include "server/http.h"

namespace tideway::server {

/// True when the client accepts gzip and does not say that it likes plain bytes better.
bool accepts_gzip(const Headers& headers);

}  // namespace tideway::server

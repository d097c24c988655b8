// A streamed body, compressed on its way out.
#pragma once

#include <memory>

#include "server/http.h"

namespace tideway::server {

/// Yields what `plain` yields, as gzip. Where `plain` fails it fails too.
std::unique_ptr<BodyStream> gzip_stream(std::unique_ptr<BodyStream> plain);

}  // namespace tideway::server

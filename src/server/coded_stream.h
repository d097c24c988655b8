// A streamed body, compressed on its way out.
#pragma once

#include <memory>

#include "server/coding.h"
#include "server/http.h"

namespace tideway::server {

/// Yields what `plain` yields, in `coding`. Where `plain` fails it fails too.
std::unique_ptr<BodyStream> coded_stream(std::unique_ptr<BodyStream> plain, Coding coding);

}  // namespace tideway::server

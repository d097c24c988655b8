// What the server answers without asking a handler. None of these is compressed.
#pragma once

#include <chrono>

#include "server/http.h"

namespace tideway::server {

Response malformed_request();  ///< 400: not HTTP
Response malformed_body();     ///< 400: a body that is not what its Content-Encoding says
Response body_too_large();     ///< 413
Response head_too_large();     ///< 431
/// 503 with Retry-After.
Response too_busy(std::chrono::seconds retry_after = std::chrono::seconds(1));

}  // namespace tideway::server

// What the server answers without asking a handler. None of these is compressed.
#pragma once

#include "server/http.h"

namespace tideway::server {

Response malformed_request();  ///< 400: not HTTP
Response malformed_body();     ///< 400: a body that is not what its Content-Encoding says
Response body_too_large();     ///< 413
Response head_too_large();     ///< 431
Response too_busy();           ///< 503 with Retry-After

}  // namespace tideway::server

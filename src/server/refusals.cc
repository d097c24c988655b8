#include "server/refusals.h"

#include <string>

#include "server/replies.h"

namespace tideway::server {
namespace {

Response refusal(uint16_t status, const Error& error) {
  Response response = bare_error(status, error);
  response.compressible = false;
  return response;
}

}  // namespace

Response malformed_request() { return refusal(400, make_error("bad-request", "bad request")); }

Response malformed_body() {
  return refusal(400, make_error("json-malformed", "json is malformed"));
}

Response body_too_large() {
  return refusal(413, make_error("resource-too-large", "resource too large"));
}

Response head_too_large() {
  return refusal(431, make_error("header-too-large", "header too large"));
}

Response too_busy(std::chrono::seconds retry_after) {
  Response response =
      refusal(503, make_error("too-busy", "server is busy", "server is busy, try again shortly"));
  response.headers.add("Retry-After", std::to_string(retry_after.count()));
  return response;
}

}  // namespace tideway::server

#include "api/gatekeeper.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "api/shoreline.h"
#include "base/text.h"

namespace tideway::api {

using server::Request;
using server::Response;

server::Route gatekeeper_route(std::string method, std::string pattern,
                               const account::Tokens& tokens, GatekeeperHandler handle) {
  const auto checked = [&tokens, handle = std::move(handle)](const Request& request) {
    if (session_token_text(request).empty()) {
      return text_reply(401, "Session token must be set on header[x-tidepool-session-token]");
    }
    const Identity caller = session_token_identity(request, tokens);
    if (caller.kind == Identity::Kind::kAnonymous) return text_reply(401, "Invalid Token");
    return handle(request, caller);
  };
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .family = server::Family::kGatekeeper,
          .dataservices = true,
          .body_size_bytes_max = kGatekeeperBodyBytesMax,
          .handle = checked};
}

Response text_reply(uint16_t status, std::string_view text) {
  std::string body;
  append_json_string(body, text);
  return plain_json(status, std::move(body));
}

Response not_permitted() { return text_reply(401, "Unauthorized"); }

Response code_and_message(uint16_t status, std::string_view code, std::string_view message) {
  std::string body = "{\"code\":";
  append_json_string(body, code);
  body += ",\"message\":";
  append_json_string(body, message);
  body += '}';
  return plain_json(status, std::move(body));
}

Response gatekeeper_failure(const Request& request, std::string_view reason) {
  spdlog::error("trace {}: {}", request.trace_request, reason);
  return empty_reply(500);
}

}  // namespace tideway::api

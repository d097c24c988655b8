#include "api/shoreline.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "api/credentials.h"
#include "server/replies.h"

namespace tideway::api {

using server::Request;
using server::Response;

server::Route shoreline_route(std::string method, std::string pattern, bool dataservices,
                              std::function<Response(const Request&)> handle) {
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .family = server::Family::kShoreline,
          .dataservices = dataservices,
          .body_size_bytes_max = kAccountBodyBytesMax,
          .handle = [handle = std::move(handle)](const Request& request) {
            Response response = handle(request);
            response.compressible = false;
            return response;
          }};
}

Response empty_reply(uint16_t status) {
  Response response;
  response.status = status;
  return response;
}

Response plain_json(uint16_t status, std::string body) {
  Response response = empty_reply(status);
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Response shoreline_failure(std::string_view reason, const store::Error& error) {
  spdlog::error("{}: {}", reason, error.message);
  return server::code_and_reason(500, reason);
}

Response not_authorized() { return server::code_and_reason(401, kNotAuthorized); }

Response too_many_logins(int64_t wait_s) {
  Response response = server::code_and_reason(429, "Too many failed logins");
  response.headers.set("Retry-After", std::to_string(wait_s));
  return response;
}

std::optional<account::Token> session_token(const Request& request, const account::Tokens& tokens) {
  auto token = tokens.verify(session_token_text(request));
  if (token) request.note_who((token->is_server ? "service:" : "user:") + token->user_id);
  return token;
}

}  // namespace tideway::api

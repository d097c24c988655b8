#include "api/platform.h"

#include <spdlog/spdlog.h>

#include "server/replies.h"

namespace tideway::api {

Platform::Platform(const account::Tokens& tokens, std::string service_secret)
    : tokens_(tokens), service_secret_(std::move(service_secret)) {}

server::Route Platform::route(std::string method, std::string pattern, Requirement requirement,
                              uint64_t body_size_bytes_max, PlatformHandler handler) const {
  const auto handle = [this, requirement, handler = std::move(handler)](
                          const server::Request& request) -> server::Response {
    auto identity = evaluate_platform_credentials(request, tokens_, service_secret_);
    if (!identity) return std::move(identity.error());
    const bool anonymous = identity->kind == Identity::Kind::kAnonymous;
    if (anonymous && requirement == Requirement::kAuthenticated) return unauthenticated();
    return handler(request, *identity);
  };
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .family = server::Family::kPlatform,
          .dataservices = true,
          .body_size_bytes_max = body_size_bytes_max,
          .handle = handle};
}

server::Response Platform::no_route(const server::Request& request, bool path_known) const {
  auto identity = evaluate_platform_credentials(request, tokens_, service_secret_);
  if (!identity) return std::move(identity.error());
  return path_known ? server::json_reply(405, R"({"Error":"Method not allowed"})")
                    : server::json_reply(404, R"({"Error":"Resource not found"})");
}

server::Response unauthorized(const server::Request& request) {
  return server::envelope_error(request, 403, "unauthorized",
                                "auth token is not authorized for requested action",
                                "Auth token is not authorized for requested action");
}

server::Response internal_failure(const server::Request& request, std::string_view reason) {
  spdlog::error("trace {}: {}", request.trace_request, reason);
  return server::envelope_error(request, 500, "internal-server-failure", "internal server failure",
                                "Internal server failure");
}

}  // namespace tideway::api

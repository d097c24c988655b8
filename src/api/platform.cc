#include "api/platform.h"

#include <spdlog/spdlog.h>

#include <optional>

#include "server/replies.h"

namespace tideway::api {
namespace {

/// The answer to callers of another kind than the route asks for.
std::optional<server::Response> unmet(Requirement requirement, Identity::Kind kind) {
  using Kind = Identity::Kind;
  if (requirement == Requirement::kNone) return std::nullopt;
  if (kind == Kind::kAnonymous) return unauthenticated();
  if (requirement == Requirement::kService && kind != Kind::kService) return unauthorized_bare();
  if (requirement == Requirement::kUser && kind != Kind::kUser) return unauthorized_bare();
  return std::nullopt;
}

}  // namespace

Platform::Platform(const account::Tokens& tokens, account::RestrictedTokens& restricted_tokens,
                   std::string service_secret)
    : tokens_(tokens),
      restricted_tokens_(restricted_tokens),
      service_secret_(std::move(service_secret)) {}

Identity Platform::reader(const server::Request& request) const {
  return reader_identity(request, tokens_, restricted_tokens_);
}

/// Who calls, if whoever it is may call such a route at all.
std::expected<Identity, server::Response> Platform::admit(const server::Request& request,
                                                          Requirement requirement) const {
  auto identity =
      evaluate_platform_credentials(request, tokens_, service_secret_, &restricted_tokens_);
  if (!identity) return identity;
  if (auto refused = unmet(requirement, identity->kind))
    return std::unexpected(*std::move(refused));
  return identity;
}

server::Route Platform::route(std::string method, std::string pattern, Requirement requirement,
                              uint64_t body_size_bytes_max, PlatformHandler handler) const {
  const auto handle = [this, requirement, handler = std::move(handler)](
                          const server::Request& request) -> server::Response {
    auto identity = admit(request, requirement);
    if (!identity) return std::move(identity.error());
    return handler(request, *identity);
  };
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .family = server::Family::kPlatform,
          .dataservices = true,
          .body_size_bytes_max = body_size_bytes_max,
          .handle = handle};
}

server::Route Platform::receiving_route(std::string method, std::string pattern,
                                        Requirement requirement, uint64_t body_size_bytes_max,
                                        PlatformReceiver receiver) const {
  const auto receive = [this, requirement,
                        receiver = std::move(receiver)](const server::Request& request)
      -> std::expected<std::unique_ptr<server::BodyReceiver>, server::Response> {
    auto identity = admit(request, requirement);
    if (!identity) return std::unexpected(std::move(identity.error()));
    return receiver(request, *identity);
  };
  return server::receiving_route({.method = std::move(method),
                                  .pattern = std::move(pattern),
                                  .family = server::Family::kPlatform,
                                  .dataservices = true,
                                  .body_size_bytes_max = body_size_bytes_max,
                                  .handle = {},
                                  .receive = receive});
}

server::Response Platform::no_route(const server::Request& request, bool path_known) const {
  auto identity =
      evaluate_platform_credentials(request, tokens_, service_secret_, &restricted_tokens_);
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

server::Response internal_failure_bare(const server::Request& request, std::string_view reason) {
  spdlog::error("trace {}: {}", request.trace_request, reason);
  return server::bare_error(500, make_error("internal-server-error", "internal server error"));
}

}  // namespace tideway::api

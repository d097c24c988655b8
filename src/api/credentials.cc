#include "api/credentials.h"

#include <sodium.h>

#include <array>
#include <optional>
#include <utility>

#include "base/error.h"
#include "server/field_text.h"
#include "server/query.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using Kind = Identity::Kind;

constexpr std::string_view kServiceSecret = "X-Tidepool-Service-Secret";
constexpr std::string_view kAuthorization = "Authorization";
constexpr std::string_view kSessionToken = "X-Tidepool-Session-Token";
constexpr std::string_view kRestrictedToken = "restricted_token";

/// Compares hashes, so that the time tells neither where the texts differ nor how long the secret
/// is.
bool equal_secrets(std::string_view left, std::string_view right) {
  using Digest = std::array<uint8_t, crypto_generichash_BYTES>;
  const auto digest = [](std::string_view text) {
    Digest out;
    crypto_generichash(out.data(), out.size(), reinterpret_cast<const uint8_t*>(text.data()),
                       text.size(), nullptr, 0);
    return out;
  };
  const Digest one = digest(left);
  const Digest other = digest(right);
  return sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

/// Scheme and the rest behind the first space; nothing when there is no space.
std::optional<std::pair<std::string_view, std::string_view>> split_authorization(
    std::string_view value) {
  const size_t space = value.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  return std::pair(value.substr(0, space), value.substr(space + 1));
}

/// Anonymous when the token is not valid. A server's token is a service however it is sent, where
/// the reference makes a user without an id of it and then fails.
Identity token_identity(std::string_view text, const account::Tokens& tokens) {
  std::optional<account::Token> token = tokens.verify(text);
  if (!token) return {};
  return {.kind = token->is_server ? Kind::kService : Kind::kUser,
          .user_id = token->is_server ? std::string() : std::move(token->user_id),
          .token_id = std::move(token->id),
          .client_id = std::move(token->client_id)};
}

/// The 403 for a malformed credential; it comes before everything that could compress it.
std::unexpected<server::Response> refused() {
  server::Response response = unauthorized_bare();
  response.compressible = false;
  return std::unexpected(std::move(response));
}

}  // namespace

std::expected<Identity, server::Response> evaluate_platform_credentials(
    const server::Request& request, const account::Tokens& tokens,
    std::string_view service_secret) {
  const server::Headers& headers = request.headers;
  if (const auto secret = headers.find(kServiceSecret)) {
    if (headers.count(kServiceSecret) != 1) return refused();
    if (service_secret.empty() || !equal_secrets(*secret, service_secret)) return refused();
    return Identity{.kind = Kind::kService, .user_id = {}, .token_id = {}, .client_id = {}};
  }
  if (const auto authorization = headers.find(kAuthorization)) {
    if (headers.count(kAuthorization) != 1) return refused();
    const auto parts = split_authorization(*authorization);
    if (!parts) return refused();
    if (server::equals_ignoring_case(parts->first, "Bearer")) {
      Identity identity = token_identity(parts->second, tokens);
      if (identity.kind != Kind::kAnonymous) return identity;
    }
  }
  if (const auto token = headers.find(kSessionToken)) {
    if (headers.count(kSessionToken) != 1) return refused();
    Identity identity = token_identity(*token, tokens);
    if (identity.kind != Kind::kAnonymous) return identity;
  }
  // No restricted tokens exist, so every single one is an unknown one.
  if (server::parse_query_lenient(request.query).count(kRestrictedToken) > 1) return refused();
  return Identity{};
}

std::string_view session_token_text(const server::Request& request) {
  const std::string_view token = request.headers.find(kSessionToken).value_or("");
  if (!token.empty()) return token;
  const auto parts = split_authorization(request.headers.find(kAuthorization).value_or(""));
  if (!parts || !server::equals_ignoring_case(parts->first, "Bearer")) return {};
  return parts->second;
}

Identity session_token_identity(const server::Request& request, const account::Tokens& tokens) {
  return token_identity(session_token_text(request), tokens);
}

server::Response unauthenticated() {
  return server::bare_error(401, make_error("unauthenticated", "authentication token is invalid"));
}

server::Response unauthorized_bare() {
  return server::bare_error(
      403,
      make_error("unauthorized", "authentication token is not authorized for requested action"));
}

}  // namespace tideway::api

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

/// Tells the audit log who it is.
Identity noted(const server::Request& request, Identity identity, std::string_view name = {}) {
  if (identity.kind == Kind::kUser) request.note_who("user:" + identity.user_id);
  if (identity.kind == Kind::kService) {
    request.note_who(name.empty() ? "service" : "service:" + std::string(name));
  }
  return identity;
}

/// Anonymous when the token is not valid. A server's token is a service however it is sent, where
/// the reference makes a user without an id of it and then fails.
Identity token_identity(const server::Request& request, std::string_view text,
                        const account::Tokens& tokens) {
  std::optional<account::Token> token = tokens.verify(text);
  if (!token) return {};
  Identity identity{.kind = token->is_server ? Kind::kService : Kind::kUser,
                    .user_id = token->is_server ? std::string() : token->user_id,
                    .token_id = std::move(token->id),
                    .client_id = std::move(token->client_id)};
  return noted(request, std::move(identity), token->user_id);
}

/// The owner of the token, if it is one that opens the path of this request.
Identity restricted_identity(const server::Request& request, std::string_view token,
                             account::RestrictedTokens& restricted_tokens) {
  auto user_id = restricted_tokens.authorise(token, request.path);
  if (!user_id) return {};
  return noted(request, {.kind = Kind::kUser,
                         .user_id = *std::move(user_id),
                         .token_id = std::string(token),
                         .client_id = {},
                         .is_restricted = true});
}

/// The 403 for a malformed credential; it comes before everything that could compress it.
std::unexpected<server::Response> refused() {
  server::Response response = unauthorized_bare();
  response.compressible = false;
  return std::unexpected(std::move(response));
}

}  // namespace

std::expected<Identity, server::Response> evaluate_platform_credentials(
    const server::Request& request, const account::Tokens& tokens, std::string_view service_secret,
    account::RestrictedTokens* restricted_tokens) {
  const server::Headers& headers = request.headers;
  if (const auto secret = headers.find(kServiceSecret)) {
    if (headers.count(kServiceSecret) != 1) return refused();
    if (!equals_secret(*secret, service_secret)) return refused();
    return noted(request, {.kind = Kind::kService, .user_id = {}, .token_id = {}, .client_id = {}});
  }
  if (const auto authorization = headers.find(kAuthorization)) {
    if (headers.count(kAuthorization) != 1) return refused();
    const auto parts = split_authorization(*authorization);
    if (!parts) return refused();
    if (server::equals_ignoring_case(parts->first, "Bearer")) {
      Identity identity = token_identity(request, parts->second, tokens);
      if (identity.kind != Kind::kAnonymous) return identity;
    }
  }
  if (const auto token = headers.find(kSessionToken)) {
    if (headers.count(kSessionToken) != 1) return refused();
    Identity identity = token_identity(request, *token, tokens);
    if (identity.kind != Kind::kAnonymous) return identity;
  }
  if (request.query.empty()) return Identity{};
  const server::Query query = server::parse_query_lenient(request.query);
  if (query.count(kRestrictedToken) > 1) return refused();
  const auto restricted = query.first(kRestrictedToken);
  if (!restricted || restricted_tokens == nullptr) return Identity{};
  return restricted_identity(request, *restricted, *restricted_tokens);
}

bool equals_secret(std::string_view given, std::string_view secret) {
  return equal_secrets(given, secret) && !secret.empty();
}

Identity reader_identity(const server::Request& request, const account::Tokens& tokens,
                         account::RestrictedTokens& restricted_tokens) {
  Identity identity = session_token_identity(request, tokens);
  if (identity.kind != Kind::kAnonymous || request.query.empty()) return identity;
  const server::Query query = server::parse_query_lenient(request.query);
  if (query.count(kRestrictedToken) != 1) return identity;
  return restricted_identity(request, *query.first(kRestrictedToken), restricted_tokens);
}

std::string_view session_token_text(const server::Request& request) {
  const std::string_view token = request.headers.find(kSessionToken).value_or("");
  if (!token.empty()) return token;
  const auto parts = split_authorization(request.headers.find(kAuthorization).value_or(""));
  if (!parts || !server::equals_ignoring_case(parts->first, "Bearer")) return {};
  return parts->second;
}

Identity session_token_identity(const server::Request& request, const account::Tokens& tokens) {
  return token_identity(request, session_token_text(request), tokens);
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

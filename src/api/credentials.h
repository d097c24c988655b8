// Who sends a request: docs/spec/http.md 1.1.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "account/restricted_tokens.h"
#include "account/tokens.h"
#include "server/http.h"

namespace tideway::api {

struct Identity {
  enum class Kind { kAnonymous, kService, kUser };
  Kind kind = Kind::kAnonymous;
  std::string user_id;         ///< of a user only
  std::string token_id;        ///< empty for a service that proved itself by the secret
  std::string client_id;       ///< of the token, may be empty
  bool is_restricted = false;  ///< a restricted token stands in for the user

  bool operator==(const Identity&) const = default;

  bool is_service() const { return kind == Kind::kService; }
};

/// Family P: service secret, bearer, session token, restricted token, in this order. A token that
/// is merely invalid leaves the request anonymous; a malformed header is the 403 returned. An empty
/// `service_secret` means that none is configured: then none matches. Without `restricted_tokens`
/// there are none.
std::expected<Identity, server::Response> evaluate_platform_credentials(
    const server::Request& request, const account::Tokens& tokens, std::string_view service_secret,
    account::RestrictedTokens* restricted_tokens = nullptr);

/// Constant in time but for the length of `given`. An empty `secret` equals nothing.
bool equals_secret(std::string_view given, std::string_view secret);

/// Families S, G, W, J: the session token, or the bearer when there is no session token.
Identity session_token_identity(const server::Request& request, const account::Tokens& tokens);

/// The same, else a restricted token that covers the path (families W and export).
Identity reader_identity(const server::Request& request, const account::Tokens& tokens,
                         account::RestrictedTokens& restricted_tokens);

/// The text of that token, not verified; empty when there is none.
std::string_view session_token_text(const server::Request& request);

server::Response unauthenticated();    ///< 401, style B
server::Response unauthorized_bare();  ///< 403, style B

}  // namespace tideway::api

// What the routes of accounts and sessions share: style C of docs/spec/http.md 4.5, and the session
// token as their credential.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/tokens.h"
#include "server/router.h"
#include "store/store.h"

namespace tideway::api {

inline constexpr std::string_view kSessionTokenHeader = "X-Tidepool-Session-Token";

inline constexpr std::string_view kMissingCredentials = "Missing id and/or password";
inline constexpr std::string_view kNotAuthorized = "Not authorized for requested operation";
inline constexpr std::string_view kTokenFailed = "Error generating the token";

/// Much more than any of these requests needs.
inline constexpr uint64_t kAccountBodyBytesMax = 64 << 10;

/// A route of family S; its answers are never compressed.
server::Route shoreline_route(std::string method, std::string pattern, bool dataservices,
                              std::function<server::Response(const server::Request&)> handle);

server::Response empty_reply(uint16_t status);
server::Response plain_json(uint16_t status, std::string body);  ///< names no character set
/// A 500 whose cause only the operator gets to see.
server::Response shoreline_failure(std::string_view reason, const store::Error& error);
server::Response not_authorized();  ///< 401

/// 429 with Retry-After.
server::Response too_many_logins(int64_t wait_s);

/// The caller's token if it is valid.
std::optional<account::Token> session_token(const server::Request& request,
                                            const account::Tokens& tokens);

}  // namespace tideway::api

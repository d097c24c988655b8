#include "api/auth.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "api/basic_credentials.h"
#include "api/credentials.h"
#include "api/new_user_json.h"
#include "api/path_variable.h"
#include "base/ids.h"
#include "base/number.h"
#include "base/text.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::code_and_reason;
using server::Request;
using server::Response;

/// Much more than any of these requests needs.
constexpr uint64_t kBodySizeBytesMax = 64 << 10;

constexpr std::string_view kSessionToken = "X-Tidepool-Session-Token";

constexpr std::string_view kCreatingFailed = "Error creating the user";
constexpr std::string_view kFindingFailed = "Error finding user";
constexpr std::string_view kInvalidDetails = "Invalid user details were given";
constexpr std::string_view kMissingCredentials = "Missing id and/or password";
constexpr std::string_view kNoMatch = "No user matched the given details";
constexpr std::string_view kNoToken = "No x-tidepool-session-token was found";
constexpr std::string_view kNotAuthorized = "Not authorized for requested operation";
constexpr std::string_view kNotVerified = "The user hasn't verified this account yet";
constexpr std::string_view kRegistrationClosed = "Registration is closed";
constexpr std::string_view kTokenFailed = "Error generating the token";
constexpr std::string_view kTokenUpdateFailed = "Error updating token";
constexpr std::string_view kUserExists = "User already exists";
constexpr std::string_view kUserNotFound = "User not found";

/// A 500 whose cause only the operator gets to see.
Response failure(std::string_view reason, const store::Error& error) {
  spdlog::error("{}: {}", reason, error.message);
  return code_and_reason(500, reason);
}

Response empty_reply(uint16_t status) {
  Response response;
  response.status = status;
  return response;
}

/// Family S names no character set.
Response json(uint16_t status, std::string body) {
  Response response = empty_reply(status);
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

/// The token data of docs/spec/http.md 1.4.
Response token_data(const account::Token& token) {
  std::string body = token.is_server ? "{\"isserver\":true" : "{\"isserver\":false";
  body += ",\"userid\":";
  append_json_string(body, token.user_id);
  body += ",\"expires_at\":";
  append_integer(body, token.expires_s);
  body += '}';
  return json(200, std::move(body));
}

}  // namespace

AuthApi::AuthApi(account::Accounts& accounts, account::Tokens& tokens, AuthOptions options)
    : accounts_(accounts), tokens_(tokens), options_(std::move(options)) {}

std::vector<server::Route> AuthApi::routes() {
  using Method = Response (AuthApi::*)(const Request&);
  const auto route = [this](std::string method, std::string pattern, bool dataservices,
                            Method handle) {
    return server::Route{.method = std::move(method),
                         .pattern = std::move(pattern),
                         .family = server::Family::kShoreline,
                         .dataservices = dataservices,
                         .body_size_bytes_max = kBodySizeBytesMax,
                         .handle = [this, handle](const Request& request) {
                           Response response = (this->*handle)(request);
                           response.compressible = false;
                           return response;
                         }};
  };
  return {
      route("POST", "/auth/login", true, &AuthApi::login),
      // The key was meant for long sessions; the reference no longer reads it.
      route("POST", "/auth/login/{longTermKey}", true, &AuthApi::login),
      route("GET", "/auth/login", true, &AuthApi::renew_token),
      route("POST", "/auth/logout", true, &AuthApi::logout),
      route("GET", "/auth/token", false, &AuthApi::check_own_token),
      route("GET", "/auth/token/{token}", false, &AuthApi::check_token),
      route("GET", "/auth/user", true, &AuthApi::own_user),
      route("POST", "/auth/user", true, &AuthApi::create_user),
      route("GET", "/auth/user/{idOrEmail}", true, &AuthApi::other_user),
      route("GET", "/v1/users/{id}", false, &AuthApi::other_user),
      route("GET", "/auth/status", false, &AuthApi::status),
  };
}

Response AuthApi::login(const Request& request) {
  const auto credentials = parse_basic(request.headers.find("Authorization").value_or(""));
  if (!credentials) return code_and_reason(400, kMissingCredentials);
  const auto user = accounts_.authenticate(credentials->email, credentials->password);
  if (!user) return failure(kFindingFailed, user.error());
  if (!*user) return code_and_reason(401, kNoMatch);
  if (!(*user)->email_verified) return code_and_reason(403, kNotVerified);
  return with_new_token(json(200, account::user_json(**user)), **user);
}

Response AuthApi::with_new_token(Response response, const account::User& user) {
  response.headers.set(kSessionToken,
                       tokens_.issue({.user_id = user.id,
                                      .duration_s = account::kUserTokenDurationSeconds,
                                      .email_verified = user.email_verified}));
  return response;
}

Response AuthApi::logout(const Request& request) {
  // The answer is 200 whatever was sent, but not when the token still works afterwards.
  const auto revoked = tokens_.revoke(session_token_text(request));
  if (!revoked) return failure(kTokenUpdateFailed, revoked.error());
  return empty_reply(200);
}

std::optional<account::Token> AuthApi::session_token(const Request& request) const {
  return tokens_.verify(session_token_text(request));
}

Response AuthApi::renew_token(const Request& request) {
  const auto old = session_token(request);
  if (!old) return empty_reply(401);
  const std::string text = tokens_.issue({.user_id = old->user_id,
                                          .is_server = old->is_server,
                                          .duration_s = old->duration_s,
                                          .client_id = old->client_id,
                                          .email_verified = old->email_verified});
  const auto renewed = tokens_.verify(text);
  if (!renewed) return code_and_reason(500, kTokenFailed);
  Response response = token_data(*renewed);
  response.headers.set(kSessionToken, text);
  return response;
}

Response AuthApi::check_own_token(const Request& request) {
  const auto token = session_token(request);
  return token ? token_data(*token) : code_and_reason(401, kNoToken);
}

Response AuthApi::check_token(const Request& request) {
  if (session_token_text(request).empty()) return code_and_reason(401, kNoToken);
  const auto caller = session_token(request);
  if (!caller) return code_and_reason(500, kTokenFailed);
  if (!caller->is_server) return code_and_reason(401, kNoToken);
  // The colons of a wrapped token may come escaped.
  const auto text = decode_path_variable(request.variables.at(0));
  const auto token = text ? tokens_.verify(*text) : std::nullopt;
  return token ? token_data(*token) : code_and_reason(401, kNoToken);
}

Response AuthApi::own_user(const Request& request) {
  const auto caller = session_token(request);
  if (!caller) return code_and_reason(401, kNotAuthorized);
  return user_reply(*caller, caller->user_id);
}

Response AuthApi::other_user(const Request& request) {
  const auto caller = session_token(request);
  if (!caller) return code_and_reason(401, kNotAuthorized);
  const auto wanted = decode_path_variable(request.variables.at(0));
  if (!wanted) return code_and_reason(404, kUserNotFound);
  return user_reply(*caller, *wanted);
}

Response AuthApi::user_reply(const account::Token& caller, std::string_view id_or_email) {
  // Ids are stored in lower case and accepted in any.
  std::string id(id_or_email);
  std::ranges::transform(id, id.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto user = is_user_id(id) ? accounts_.find(id) : accounts_.find_by_email(id_or_email);
  if (!user) return failure(kFindingFailed, user.error());
  // To others an account that is not theirs looks like one that does not exist.
  if (!caller.is_server && (!*user || (*user)->id != caller.user_id)) {
    return code_and_reason(401, kNotAuthorized);
  }
  if (!*user) return code_and_reason(404, kUserNotFound);
  const auto audience = caller.is_server ? account::Audience::kServer : account::Audience::kUser;
  return json(200, account::user_json(**user, audience));
}

Response AuthApi::create_user(const Request& request) {
  if (!options_.registration_open) return code_and_reason(403, kRegistrationClosed);
  auto wanted = parse_new_user(request.body);
  if (!wanted) return code_and_reason(400, kInvalidDetails);
  wanted->verified = options_.verify_new_accounts;
  const auto user = accounts_.create(*wanted);
  sodium_memzero(wanted->password.data(), wanted->password.size());
  if (user) return with_new_token(json(201, account::user_json(*user)), *user);
  switch (user.error()) {
    case account::CreateError::kInvalid:
      return code_and_reason(400, kInvalidDetails);
    case account::CreateError::kExists:
      return code_and_reason(409, kUserExists);
    case account::CreateError::kStore:
      break;
  }
  spdlog::error("{}: the store or the password hash failed", kCreatingFailed);
  return code_and_reason(500, kCreatingFailed);
}

Response AuthApi::status(const Request&) {
  // Style B, because the reference's platform answers it and not shoreline.
  std::string body = "{\"Version\":";
  append_json_string(body, options_.version);
  body += ",\"Server\":null,\"AuthStore\":null}\n";
  return server::json_reply(200, std::move(body));
}

}  // namespace tideway::api

#include "api/auth.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "api/basic_credentials.h"
#include "api/credentials.h"
#include "api/path_variable.h"
#include "api/shoreline.h"
#include "base/ids.h"
#include "base/number.h"
#include "base/text.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::code_and_reason;
using server::Request;
using server::Response;

constexpr std::string_view kServerName = "X-Tidepool-Server-Name";
constexpr std::string_view kServerSecret = "X-Tidepool-Server-Secret";

/// Names of servers go into tokens and into the audit log.
constexpr size_t kServerNameSizeMax = 64;

constexpr std::string_view kFindingFailed = "Error finding user";
constexpr std::string_view kNoMatch = "No user matched the given details";
constexpr std::string_view kNoToken = "No x-tidepool-session-token was found";
constexpr std::string_view kNotVerified = "The user hasn't verified this account yet";
constexpr std::string_view kTokenUpdateFailed = "Error updating token";
constexpr std::string_view kWrongPassword = "Wrong password";

/// The token data of docs/spec/http.md 1.4.
Response token_data(const account::Token& token) {
  std::string body = token.is_server ? "{\"isserver\":true" : "{\"isserver\":false";
  body += ",\"userid\":";
  append_json_string(body, token.user_id);
  body += ",\"expires_at\":";
  append_integer(body, token.expires_s);
  body += '}';
  return plain_json(200, std::move(body));
}

}  // namespace

AuthApi::AuthApi(account::Accounts& accounts, account::Tokens& tokens, account::LoginLimits& limits,
                 AuthOptions options)
    : accounts_(accounts), tokens_(tokens), limits_(limits), options_(std::move(options)) {}

std::vector<server::Route> AuthApi::routes() {
  const auto route = [this](std::string method, std::string pattern, bool dataservices,
                            Response (AuthApi::*handle)(const Request&)) {
    return shoreline_route(std::move(method), std::move(pattern), dataservices,
                           std::bind_front(handle, this));
  };
  return {
      route("POST", "/auth/login", true, &AuthApi::login),
      // The key was meant for long sessions; the reference no longer reads it.
      route("POST", "/auth/login/{longTermKey}", true, &AuthApi::login),
      route("GET", "/auth/login", true, &AuthApi::renew_token),
      route("POST", "/auth/logout", true, &AuthApi::logout),
      route("POST", "/auth/serverlogin", true, &AuthApi::server_login),
      route("POST", "/serverlogin", true, &AuthApi::server_login),
      route("GET", "/auth/token", false, &AuthApi::check_own_token),
      route("GET", "/auth/token/{token}", false, &AuthApi::check_token),
      route("DELETE", "/user/{id}/sessions", true, &AuthApi::end_sessions),
      route("GET", "/auth/private", true, &AuthApi::private_pair),
      route("GET", "/auth/status", false, &AuthApi::status),
  };
}

Response AuthApi::login(const Request& request) {
  const auto credentials = parse_basic(request.headers.find("Authorization").value_or(""));
  if (!credentials) return code_and_reason(400, kMissingCredentials);
  if (const int64_t wait_s = limits_.wait_s(credentials->email, request.client_address)) {
    return too_many_logins(wait_s);
  }
  const auto user = accounts_.authenticate(credentials->email, credentials->password);
  if (!user) return shoreline_failure(kFindingFailed, user.error());
  if (!*user) {
    limits_.failed(credentials->email, request.client_address);
    const auto target = accounts_.find_by_email(credentials->email);
    if (target && *target) request.note_whose((*target)->id);
    return code_and_reason(401, kNoMatch);
  }
  limits_.succeeded(credentials->email);
  request.note_who("user:" + (*user)->id);
  if (!(*user)->email_verified) return code_and_reason(403, kNotVerified);
  Response response = plain_json(200, account::user_json(**user));
  response.headers.set(kSessionTokenHeader,
                       tokens_.issue({.user_id = (*user)->id,
                                      .duration_s = account::kUserTokenDurationSeconds,
                                      .email_verified = (*user)->email_verified}));
  // If the password was changed since it was checked, this token came too late to be ended with the
  // others.
  const auto now = accounts_.find((*user)->id);
  if (!now) return shoreline_failure(kFindingFailed, now.error());
  if (!*now || (*now)->password_hash != (*user)->password_hash) {
    return code_and_reason(401, kNoMatch);
  }
  return response;
}

Response AuthApi::server_login(const Request& request) {
  const std::string_view name = request.headers.find(kServerName).value_or("");
  const std::string_view secret = request.headers.find(kServerSecret).value_or("");
  if (name.empty() || secret.empty()) return code_and_reason(400, kMissingCredentials);
  // Whoever guesses is slowed down by address; the servers themselves share no account.
  if (const int64_t wait_s = limits_.wait_s({}, request.client_address)) {
    return too_many_logins(wait_s);
  }
  if (!equals_secret(secret, options_.server_secret)) {
    limits_.failed_from(request.client_address);
    return code_and_reason(401, kWrongPassword);
  }
  if (name.size() > kServerNameSizeMax) return code_and_reason(400, kMissingCredentials);
  request.note_who("service:" + std::string(name));
  Response response = empty_reply(200);
  response.headers.set(kSessionTokenHeader,
                       tokens_.issue(name, true, account::kServerTokenDurationSeconds));
  return response;
}

Response AuthApi::logout(const Request& request) {
  std::ignore = session_token(request, tokens_);
  // The answer is 200 whatever was sent, but not when the token still works afterwards.
  const auto revoked = tokens_.revoke(session_token_text(request));
  if (!revoked) return shoreline_failure(kTokenUpdateFailed, revoked.error());
  return empty_reply(200);
}

Response AuthApi::end_sessions(const Request& request) {
  const auto caller = session_token(request, tokens_);
  if (!caller || !caller->is_server) return not_authorized();
  const auto user_id = decode_path_variable(request.variables.at(0));
  if (!user_id || !is_user_id(*user_id)) return empty_reply(204);
  const auto ended = tokens_.end_sessions(*user_id);
  if (!ended) return shoreline_failure(kTokenUpdateFailed, ended.error());
  return empty_reply(204);
}

Response AuthApi::renew_token(const Request& request) {
  const std::string_view old_text = session_token_text(request);
  const auto old = session_token(request, tokens_);
  if (!old) return empty_reply(401);
  const std::string text = tokens_.issue({.user_id = old->user_id,
                                          .is_server = old->is_server,
                                          .duration_s = old->duration_s,
                                          .client_id = old->client_id,
                                          .email_verified = old->email_verified});
  const auto renewed = tokens_.verify(text);
  if (!renewed) return code_and_reason(500, kTokenFailed);
  // If the old one was ended meanwhile, the new one must not live on in its stead.
  if (!tokens_.verify(old_text)) {
    std::ignore = tokens_.revoke(text);
    return empty_reply(401);
  }
  Response response = token_data(*renewed);
  response.headers.set(kSessionTokenHeader, text);
  return response;
}

Response AuthApi::check_own_token(const Request& request) {
  const auto token = session_token(request, tokens_);
  return token ? token_data(*token) : code_and_reason(401, kNoToken);
}

Response AuthApi::check_token(const Request& request) {
  if (session_token_text(request).empty()) return code_and_reason(401, kNoToken);
  const auto caller = session_token(request, tokens_);
  if (!caller) return code_and_reason(500, kTokenFailed);
  if (!caller->is_server) return code_and_reason(401, kNoToken);
  // The colons of a wrapped token may come escaped.
  const auto text = decode_path_variable(request.variables.at(0));
  const auto token = text ? tokens_.verify(*text) : std::nullopt;
  return token ? token_data(*token) : code_and_reason(401, kNoToken);
}

Response AuthApi::private_pair(const Request&) {
  return plain_json(200, fmt::format(R"({{"name":"","id":"{}","hash":"{}"}})", random_user_id(),
                                     random_id().substr(0, 24)));
}

Response AuthApi::status(const Request&) {
  // Style B, because the reference's platform answers it and not shoreline.
  std::string body = "{\"Version\":";
  append_json_string(body, options_.version);
  body += ",\"Server\":null,\"AuthStore\":null}\n";
  return server::json_reply(200, std::move(body));
}

}  // namespace tideway::api

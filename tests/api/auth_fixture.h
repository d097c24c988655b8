// Sends requests to the routes of sessions and accounts, with one account and two tokens at hand.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "account/user_codec.h"
#include "api/auth.h"
#include "api/users.h"
#include "tests/store/memory_store.h"

namespace tideway::api {

using server::Request;
using server::Response;

using HeaderList = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kReyBasic = "Basic cmV5QGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U=";
inline constexpr std::string_view kSessionToken = "X-Tidepool-Session-Token";

inline std::string reason(int code, std::string_view text) {
  return "{\"code\":" + std::to_string(code) + ",\"reason\":\"" + std::string(text) + "\"}";
}

inline void expect_json(const Response& response, int status, std::string_view body) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.body, body);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_FALSE(response.compressible);
}

inline void expect_empty(const Response& response, int status) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.body, "");
  EXPECT_FALSE(response.headers.find("Content-Type"));
}

inline std::string token_in(const Response& response) {
  return std::string(response.headers.find(kSessionToken).value_or(""));
}

class AuthTest : public testing::Test {
 protected:
  /// Sends a request to the route with this pattern, as the router would.
  Response send(std::string_view method, std::string_view pattern, const HeaderList& headers = {},
                std::vector<std::string> variables = {}, std::string body = {}) {
    Request request;
    request.method = method;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.variables = std::move(variables);
    request.body = std::move(body);
    AuthApi auth(accounts_, *tokens_, limits_, options_);
    UsersApi users({.accounts = accounts_,
                    .tokens = *tokens_,
                    .sharing = sharing_,
                    .restricted_tokens = restricted_tokens_,
                    .limits = limits_,
                    .erase_data = [](auto) { return store::Result<void>(); }},
                   users_options_);
    request.client_address = client_address_;
    for (const auto& routes : {auth.routes(), users.routes()}) {
      for (const server::Route& route : routes) {
        if (route.method == method && route.pattern == pattern) return route.handle(request);
      }
    }
    ADD_FAILURE() << "no route " << method << " " << pattern;
    return {};
  }

  Response login(std::string_view authorization) {
    return send("POST", "/auth/login", {{"Authorization", std::string(authorization)}});
  }

  HeaderList session(std::string_view token) {
    return {{std::string(kSessionToken), std::string(token)}};
  }

  /// Gives rey the account of the specification's example.
  account::User make_rey() {
    account::User user = accounts_
                             .create({.email = "rey@example.org",
                                      .password = "correct-horse",
                                      .full_name = "",
                                      .roles = {},
                                      .verified = true})
                             .value();
    user.terms_accepted_ms = 1'707'643'800'000;
    store_.put(user.id, account::kUserKey, account::encode_user(user));
    return user;
  }

  std::string rey_json(std::string_view password_exists = "") {
    return R"({"emailVerified":true,"emails":["rey@example.org"],)" + std::string(password_exists) +
           R"("roles":["patient"],"termsAccepted":"2024-02-11T09:30:00+00:00","userid":")" +
           rey_.id + R"(","username":"rey@example.org"})";
  }

  std::string token_data(const account::Token& token) {
    return std::string(R"({"isserver":)") + (token.is_server ? "true" : "false") +
           R"(,"userid":")" + token.user_id + R"(","expires_at":)" +
           std::to_string(token.expires_s) + "}";
  }

  int64_t now_s_ = 1'700'000'000;
  std::string client_address_ = "192.0.2.1";
  AuthOptions options_;
  UsersOptions users_options_;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ =
      account::Tokens::open(store_, {.now_s = [this] { return now_s_; }}).value();
  account::Sharing sharing_{store_};
  account::RestrictedTokens restricted_tokens_{store_};
  account::LoginLimits limits_{{.now_ms = [this] { return now_s_ * 1000; }}};
  account::User rey_ = make_rey();
  std::string rey_token_ = tokens_->issue(rey_.id, false, 3600);
  std::string server_token_ = tokens_->issue("worker", true, 3600);
};

}  // namespace tideway::api

// Each row of docs/spec/http.md 1.3 to 1.5, 2.2 and 9.2 that the auth API answers.
#include "api/auth.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "account/user_codec.h"
#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

using HeaderList = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kReyBasic = "Basic cmV5QGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U=";
constexpr std::string_view kSessionToken = "X-Tidepool-Session-Token";

std::string reason(int code, std::string_view text) {
  return "{\"code\":" + std::to_string(code) + ",\"reason\":\"" + std::string(text) + "\"}";
}

void expect_json(const Response& response, int status, std::string_view body) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.body, body);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_FALSE(response.compressible);
}

void expect_empty(const Response& response, int status) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.body, "");
  EXPECT_FALSE(response.headers.find("Content-Type"));
}

std::string token_in(const Response& response) {
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
    AuthApi api(accounts_, *tokens_, options_);
    for (const server::Route& route : api.routes()) {
      if (route.method == method && route.pattern == pattern) return route.handle(request);
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
  AuthOptions options_;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ =
      account::Tokens::open(store_, {.now_s = [this] { return now_s_; }}).value();
  account::User rey_ = make_rey();
  std::string rey_token_ = tokens_->issue(rey_.id, false, 3600);
  std::string server_token_ = tokens_->issue("worker", true, 3600);
};

// --- 1.3 login ---------------------------------------------------------------------------------

TEST_F(AuthTest, LoginAnswersUserAndToken) {
  const Response response = login(kReyBasic);
  expect_json(response, 200, rey_json());
  const account::Token token = tokens_->verify(token_in(response)).value();
  EXPECT_EQ(token.user_id, rey_.id);
  EXPECT_FALSE(token.is_server);
  EXPECT_EQ(token.duration_s, account::kUserTokenDurationSeconds);
  EXPECT_TRUE(token.email_verified);
}

TEST_F(AuthTest, LoginWithALongTermKeyIsTheSame) {
  const HeaderList headers = {{"Authorization", std::string(kReyBasic)}};
  const Response response = send("POST", "/auth/login/{longTermKey}", headers, {"anything"});
  expect_json(response, 200, rey_json());
  EXPECT_EQ(tokens_->verify(token_in(response)).value().duration_s,
            account::kUserTokenDurationSeconds);
}

TEST_F(AuthTest, LoginIgnoresSchemeAndBodyAndCase) {
  expect_json(login("whatever cmV5QGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U="), 200, rey_json());
  expect_json(login("Basic UkVZQGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U="), 200, rey_json());
  const HeaderList headers = {{"Authorization", std::string(kReyBasic)}};
  expect_json(send("POST", "/auth/login", headers, {}, "not json"), 200, rey_json());
}

TEST_F(AuthTest, LoginWithoutCredentialsIs400) {
  const std::string body = reason(400, "Missing id and/or password");
  expect_json(send("POST", "/auth/login"), 400, body);
  for (const auto* header : {"", "Basic", "Basic !", "Basic Og==", "Basic cmV5"}) {
    expect_json(login(header), 400, body);
  }
  EXPECT_EQ(token_in(login("")), "");
}

TEST_F(AuthTest, LoginOfAnUnknownUserOrWithAWrongPasswordIsOneAnswer) {
  const std::string body = reason(401, "No user matched the given details");
  expect_json(login("Basic cmV5QGV4YW1wbGUub3JnOndyb25nLWhvcnNl"), 401, body);
  expect_json(login("Basic a2l0QGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U="), 401, body);
  expect_json(login("Basic YTo="), 401, body);
  expect_json(login("Basic OmI="), 401, body);
  EXPECT_EQ(token_in(login("Basic OmI=")), "");
}

TEST_F(AuthTest, LoginOfAnUnverifiedAccountIs403ButOnlyWithThePassword) {
  rey_.email_verified = false;
  store_.put(rey_.id, account::kUserKey, account::encode_user(rey_));
  const Response response = login(kReyBasic);
  expect_json(response, 403, reason(403, "The user hasn't verified this account yet"));
  EXPECT_EQ(token_in(response), "");
  expect_json(login("Basic cmV5QGV4YW1wbGUub3JnOndyb25nLWhvcnNl"), 401,
              reason(401, "No user matched the given details"));
}

TEST_F(AuthTest, LoginWithoutAStoreIs500AndNot401) {
  store_.fail_reads = true;
  expect_json(login(kReyBasic), 500, reason(500, "Error finding user"));
}

// --- 1.4 renewal and check ---------------------------------------------------------------------

TEST_F(AuthTest, RenewalKeepsDurationAndIdentity) {
  const std::string old = tokens_->issue(
      {.user_id = rey_.id, .duration_s = 1000, .client_id = "blip", .email_verified = false});
  now_s_ += 600;
  const Response response = send("GET", "/auth/login", session(old));
  const account::Token token = tokens_->verify(token_in(response)).value();
  EXPECT_EQ(token.duration_s, 1000);
  EXPECT_EQ(token.expires_s, now_s_ + 1000);
  EXPECT_EQ(token.client_id, "blip");
  EXPECT_FALSE(token.email_verified);
  EXPECT_NE(token.id, tokens_->verify(old).value().id);
  expect_json(response, 200,
              R"({"isserver":false,"userid":")" + rey_.id + R"(","expires_at":1700001600})");
}

TEST_F(AuthTest, AfterRenewalTheOldTokenHoldsUntilItsExpiry) {
  const std::string renewed = token_in(send("GET", "/auth/login", session(rey_token_)));
  EXPECT_TRUE(tokens_->verify(rey_token_));
  now_s_ += 3600;
  EXPECT_FALSE(tokens_->verify(rey_token_));
  EXPECT_FALSE(tokens_->verify(renewed)) << "renewed in the same second";
}

TEST_F(AuthTest, RenewalOfAServerToken) {
  const Response response = send("GET", "/auth/login", session(server_token_));
  expect_json(response, 200, R"({"isserver":true,"userid":"worker","expires_at":1700003600})");
  EXPECT_TRUE(tokens_->verify(token_in(response)).value().is_server);
}

TEST_F(AuthTest, RenewalTakesABearerToo) {
  expect_json(send("GET", "/auth/login", {{"Authorization", "Bearer " + rey_token_}}), 200,
              token_data(tokens_->verify(rey_token_).value()));
}

TEST_F(AuthTest, RenewalWithoutAValidTokenIs401WithoutABody) {
  expect_empty(send("GET", "/auth/login"), 401);
  expect_empty(send("GET", "/auth/login", session("x")), 401);
  expect_empty(send("GET", "/auth/login", {{"Authorization", std::string(kReyBasic)}}), 401);
  now_s_ += 3600;
  expect_empty(send("GET", "/auth/login", session(rey_token_)), 401);
}

TEST_F(AuthTest, CheckOfTheOwnToken) {
  expect_json(send("GET", "/auth/token", session(rey_token_)), 200,
              R"({"isserver":false,"userid":")" + rey_.id + R"(","expires_at":1700003600})");
  const std::string refusal = reason(401, "No x-tidepool-session-token was found");
  expect_json(send("GET", "/auth/token"), 401, refusal);
  expect_json(send("GET", "/auth/token", session("x")), 401, refusal);
}

TEST_F(AuthTest, AServerChecksAnotherToken) {
  const auto check = [&](const HeaderList& headers, const std::string& token) {
    return send("GET", "/auth/token/{token}", headers, {token});
  };
  const std::string data = token_data(tokens_->verify(rey_token_).value());
  const std::string refusal = reason(401, "No x-tidepool-session-token was found");
  expect_json(check(session(server_token_), rey_token_), 200, data);
  expect_json(check(session(server_token_), "kc:" + rey_token_ + ":r"), 200, data);
  expect_json(check(session(server_token_), "kc%3A" + rey_token_ + "%3Ar"), 200, data);
  expect_json(check(session(server_token_), "x"), 401, refusal);
  expect_json(check(session(server_token_), "%"), 401, refusal);
  expect_json(check({}, rey_token_), 401, refusal);
  expect_json(check(session(rey_token_), rey_token_), 401, refusal);
  expect_json(check(session("x"), rey_token_), 500, reason(500, "Error generating the token"));
}

// --- 1.5 logout --------------------------------------------------------------------------------

TEST_F(AuthTest, LogoutEndsTheTokenForGood) {
  const std::string other = tokens_->issue(rey_.id, false, 3600);
  expect_empty(send("POST", "/auth/logout", session(rey_token_), {}, "{}"), 200);
  expect_json(send("GET", "/auth/user", session(rey_token_)), 401,
              reason(401, "Not authorized for requested operation"));
  expect_empty(send("GET", "/auth/login", session(rey_token_)), 401);
  EXPECT_TRUE(tokens_->verify(other));
  const auto reopened = account::Tokens::open(store_, {.now_s = [this] { return now_s_; }}).value();
  EXPECT_FALSE(reopened->verify(rey_token_));
}

TEST_F(AuthTest, LogoutIs200WhateverIsSent) {
  expect_empty(send("POST", "/auth/logout"), 200);
  expect_empty(send("POST", "/auth/logout", session("x")), 200);
  expect_empty(send("POST", "/auth/logout", {{"Authorization", std::string(kReyBasic)}}), 200);
  expect_empty(send("POST", "/auth/logout", session(rey_token_)), 200);
  expect_empty(send("POST", "/auth/logout", session(rey_token_)), 200);
}

TEST_F(AuthTest, ALogoutThatCouldNotBeStoredIsNotAcknowledged) {
  store_.fail_updates = true;
  expect_json(send("POST", "/auth/logout", session(rey_token_)), 500,
              reason(500, "Error updating token"));
  store_.fail_updates = false;
  expect_empty(send("POST", "/auth/logout", session(rey_token_)), 200);
  EXPECT_FALSE(tokens_->verify(rey_token_));
}

// --- 2.2 users ---------------------------------------------------------------------------------

TEST_F(AuthTest, TheOwnUser) {
  expect_json(send("GET", "/auth/user", session(rey_token_)), 200, rey_json());
  expect_json(send("GET", "/auth/user", {{"Authorization", "Bearer " + rey_token_}}), 200,
              rey_json());
  const std::string refusal = reason(401, "Not authorized for requested operation");
  expect_json(send("GET", "/auth/user"), 401, refusal);
  expect_json(send("GET", "/auth/user", session("x")), 401, refusal);
  expect_json(send("GET", "/auth/user", session(tokens_->issue("0123456789", false, 60))), 401,
              refusal);
  expect_json(send("GET", "/auth/user", session(server_token_)), 404,
              reason(404, "User not found"));
}

TEST_F(AuthTest, AUserByIdOrEmail) {
  std::string upper = rey_.id;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  for (const auto* pattern : {"/auth/user/{idOrEmail}", "/v1/users/{id}"}) {
    for (const std::string& name :
         {rey_.id, upper, std::string("rey@example.org"), std::string("REY%40example.org")}) {
      expect_json(send("GET", pattern, session(rey_token_), {name}), 200, rey_json());
      expect_json(send("GET", pattern, session(server_token_), {name}), 200,
                  rey_json(R"("passwordExists":true,)"));
    }
  }
}

TEST_F(AuthTest, AUserOfAnotherIsRefused) {
  const std::string refusal = reason(401, "Not authorized for requested operation");
  const std::string stranger = tokens_->issue("0123456789", false, 60);
  const auto* pattern = "/auth/user/{idOrEmail}";
  expect_json(send("GET", pattern, session(stranger), {rey_.id}), 401, refusal);
  expect_json(send("GET", pattern, session(stranger), {"rey@example.org"}), 401, refusal);
  expect_json(send("GET", pattern, {}, {rey_.id}), 401, refusal);
  expect_json(send("GET", pattern, session("x"), {"unknown"}), 401, refusal);
}

TEST_F(AuthTest, AnUnknownUserIs404) {
  for (const auto* name : {"0123456789", "kit@example.org", "%", "#directory",
                           "b5b0a1f6-0d0c-4b1e-9a39-5d6f4d3c2b1a"}) {
    expect_json(send("GET", "/auth/user/{idOrEmail}", session(server_token_), {name}), 404,
                reason(404, "User not found"));
  }
}

TEST_F(AuthTest, AUserThatCannotBeReadIs500) {
  store_.fail_reads = true;
  expect_json(send("GET", "/auth/user", session(rey_token_)), 500,
              reason(500, "Error finding user"));
}

// --- 2.2 registration --------------------------------------------------------------------------

constexpr std::string_view kKit =
    R"({"username":"kit@example.org","emails":["kit@example.org"],"password":"tall-pine-41"})";

TEST_F(AuthTest, RegistrationIsClosedUnlessItIsOpened) {
  expect_json(send("POST", "/auth/user", {}, {}, std::string(kKit)), 403,
              reason(403, "Registration is closed"));
  EXPECT_FALSE(accounts_.find_by_email("kit@example.org").value());
}

TEST_F(AuthTest, RegistrationMakesAnAccountThatWaitsForVerification) {
  options_.registration_open = true;
  const Response response = send("POST", "/auth/user", {}, {}, std::string(kKit));
  const account::User kit = accounts_.find_by_email("kit@example.org").value().value();
  expect_json(response, 201,
              R"({"emailVerified":false,"emails":["kit@example.org"],"roles":["patient"],)"
              R"("userid":")" +
                  kit.id + R"(","username":"kit@example.org"})");
  const account::Token token = tokens_->verify(token_in(response)).value();
  EXPECT_EQ(token.user_id, kit.id);
  EXPECT_FALSE(token.email_verified);
  expect_json(login("Basic a2l0QGV4YW1wbGUub3JnOnRhbGwtcGluZS00MQ=="), 403,
              reason(403, "The user hasn't verified this account yet"));
}

TEST_F(AuthTest, NewAccountsCanBeVerifiedAtOnce) {
  options_.registration_open = true;
  options_.verify_new_accounts = true;
  const Response response = send("POST", "/auth/user", {}, {}, std::string(kKit));
  EXPECT_EQ(response.status, 201);
  const account::User kit = accounts_.find_by_email("kit@example.org").value().value();
  EXPECT_TRUE(kit.email_verified);
  EXPECT_EQ(kit.terms_accepted_ms, kit.created_ms);
  const Response again = login("Basic a2l0QGV4YW1wbGUub3JnOnRhbGwtcGluZS00MQ==");
  expect_json(again, 200, response.body);
}

TEST_F(AuthTest, RegistrationFailures) {
  options_.registration_open = true;
  const auto post = [&](std::string_view body) {
    return send("POST", "/auth/user", {}, {}, std::string(body));
  };
  for (const auto* body : {"", "null", "{}", "[]", "{\"username\":\"kit@example.org\"}"}) {
    expect_json(post(body), 400, reason(400, "Invalid user details were given"));
  }
  EXPECT_EQ(post(kKit).status, 201);
  expect_json(post(kKit), 409, reason(409, "User already exists"));
  EXPECT_EQ(token_in(post(kKit)), "");
  store_.fail_updates = true;
  expect_json(
      post(R"({"username":"n@example.org","emails":["n@example.org"],"password":"12345678"})"), 500,
      reason(500, "Error creating the user"));
}

// --- 9.2 and the table of routes ---------------------------------------------------------------

TEST_F(AuthTest, Status) {
  options_.version = "0.1.0+abc";
  const Response response = send("GET", "/auth/status");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"Version\":\"0.1.0+abc\",\"Server\":null,\"AuthStore\":null}\n");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json; charset=utf-8");
}

TEST_F(AuthTest, TheRoutes) {
  AuthApi api(accounts_, *tokens_, options_);
  std::map<std::string, bool> dataservices;
  for (const server::Route& route : api.routes()) {
    EXPECT_TRUE(dataservices.emplace(route.method + " " + route.pattern, route.dataservices).second)
        << route.pattern;
    EXPECT_EQ(route.family, server::Family::kShoreline) << route.pattern;
    EXPECT_EQ(route.body_size_bytes_max, 65536u) << route.pattern;
  }
  const std::map<std::string, bool> expected = {
      {"POST /auth/login", true},
      {"POST /auth/login/{longTermKey}", true},
      {"GET /auth/login", true},
      {"POST /auth/logout", true},
      {"GET /auth/token", false},
      {"GET /auth/token/{token}", false},
      {"GET /auth/user", true},
      {"POST /auth/user", true},
      {"GET /auth/user/{idOrEmail}", true},
      {"GET /v1/users/{id}", false},
      {"GET /auth/status", false},
  };
  EXPECT_EQ(dataservices, expected);
}

}  // namespace
}  // namespace tideway::api

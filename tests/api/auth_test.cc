// Each row of docs/spec/http.md 1.3 to 1.6 and 9.2 that the routes of sessions answer.
#include <gtest/gtest.h>

#include "tests/api/auth_fixture.h"

namespace tideway::api {
namespace {

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

TEST_F(AuthTest, ARenewedTokenDoesNotOutliveTheEndOfTheSessions) {
  // The end comes between looking at the old token and looking at it again: here, before both.
  ASSERT_TRUE(tokens_->end_sessions(rey_.id));
  expect_empty(send("GET", "/auth/login", session(rey_token_)), 401);
}

// --- 1.6 server login --------------------------------------------------------------------------

TEST_F(AuthTest, AServerLogsInWithTheSecret) {
  options_.server_secret = "open-sesame";
  for (const auto* pattern : {"/auth/serverlogin", "/serverlogin"}) {
    const Response response =
        send("POST", pattern,
             {{"X-Tidepool-Server-Name", "worker"}, {"X-Tidepool-Server-Secret", "open-sesame"}});
    expect_empty(response, 200);
    const account::Token token = tokens_->verify(token_in(response)).value();
    EXPECT_TRUE(token.is_server);
    EXPECT_EQ(token.user_id, "worker");
    EXPECT_EQ(token.duration_s, account::kServerTokenDurationSeconds);
  }
}

TEST_F(AuthTest, AServerLoginThatFails) {
  const auto post = [&](std::string name, std::string secret) {
    return send("POST", "/auth/serverlogin",
                {{"X-Tidepool-Server-Name", std::move(name)},
                 {"X-Tidepool-Server-Secret", std::move(secret)}});
  };
  expect_json(post("worker", "guess"), 401, reason(401, "Wrong password"));  // none is configured
  options_.server_secret = "open-sesame";
  expect_json(post("worker", "open-sesam"), 401, reason(401, "Wrong password"));
  const std::string missing = reason(400, "Missing id and/or password");
  expect_json(post("", "open-sesame"), 400, missing);
  expect_json(post("worker", ""), 400, missing);
  expect_json(post(std::string(65, 'x'), "open-sesame"), 400, missing);
  expect_json(send("POST", "/auth/serverlogin"), 400, missing);
}

// --- too many failed logins --------------------------------------------------------------------

TEST_F(AuthTest, FailedLoginsOfAnAccountAreLimited) {
  constexpr std::string_view kWrong = "Basic cmV5QGV4YW1wbGUub3JnOndyb25nLWhvcnNl";
  for (int i = 0; i < 10; ++i) {
    client_address_ = "192.0.2." + std::to_string(i);  // from wherever they come
    EXPECT_EQ(login(kWrong).status, 401);
  }
  const uint64_t hashes = accounts_.passwords().verifications();
  const Response refused = login(kReyBasic);
  expect_json(refused, 429, reason(429, "Too many failed logins"));
  EXPECT_EQ(refused.headers.find("Retry-After"), "90");
  EXPECT_EQ(accounts_.passwords().verifications(), hashes) << "no password was looked at";
  now_s_ += 90;
  EXPECT_EQ(login(kReyBasic).status, 200);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(login(kWrong).status, 401) << "a success starts anew";
}

TEST_F(AuthTest, FailedLoginsFromAnAddressAreLimited) {
  options_.server_secret = "open-sesame";
  for (int i = 0; i < 100; ++i) {
    const HeaderList headers = {{"X-Tidepool-Server-Name", "worker"},
                                {"X-Tidepool-Server-Secret", std::to_string(i)}};
    EXPECT_EQ(send("POST", "/auth/serverlogin", headers).status, 401);
  }
  EXPECT_EQ(login(kReyBasic).status, 429);
  client_address_ = "192.0.2.9";
  EXPECT_EQ(login(kReyBasic).status, 200) << "others are not concerned";
}

TEST_F(AuthTest, AServerEndsTheSessionsOfAUser) {
  const auto end = [&](std::string_view token) {
    return send("DELETE", "/user/{id}/sessions", session(token), {rey_.id});
  };
  EXPECT_EQ(end(rey_token_).status, 401);
  EXPECT_TRUE(tokens_->verify(rey_token_));
  expect_empty(end(server_token_), 204);
  EXPECT_FALSE(tokens_->verify(rey_token_));
  EXPECT_TRUE(tokens_->verify(server_token_));
  store_.fail_updates = true;
  EXPECT_EQ(end(server_token_).status, 500);
}

TEST_F(AuthTest, AnUnusedPairIsRandom) {
  const Response one = send("GET", "/auth/private");
  EXPECT_EQ(one.status, 200);
  EXPECT_TRUE(one.body.starts_with(R"({"name":"","id":")")) << one.body;
  EXPECT_EQ(one.body.size(), std::string(R"({"name":"","id":"","hash":""})").size() + 34);
  EXPECT_NE(one.body, send("GET", "/auth/private").body);
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

// --- 9.2 and the table of routes ---------------------------------------------------------------

TEST_F(AuthTest, Status) {
  options_.version = "0.1.0+abc";
  const Response response = send("GET", "/auth/status");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"Version\":\"0.1.0+abc\",\"Server\":null,\"AuthStore\":null}\n");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json; charset=utf-8");
}

TEST_F(AuthTest, TheRoutes) {
  AuthApi api(accounts_, *tokens_, limits_, options_);
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
      {"POST /auth/serverlogin", true},
      {"POST /serverlogin", true},
      {"DELETE /user/{id}/sessions", true},
      {"GET /auth/private", true},
      {"GET /auth/status", false},
  };
  EXPECT_EQ(dataservices, expected);
}

}  // namespace
}  // namespace tideway::api

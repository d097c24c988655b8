// Looking at accounts and registering them: docs/spec/http.md 2.2. Changing them: users_test.cc.
#include <gtest/gtest.h>

#include "tests/api/auth_fixture.h"

namespace tideway::api {
namespace {

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
  users_options_.registration_open = true;
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
  users_options_.registration_open = true;
  users_options_.verify_new_accounts = true;
  const Response response = send("POST", "/auth/user", {}, {}, std::string(kKit));
  EXPECT_EQ(response.status, 201);
  const account::User kit = accounts_.find_by_email("kit@example.org").value().value();
  EXPECT_TRUE(kit.email_verified);
  EXPECT_EQ(kit.terms_accepted_ms, kit.created_ms);
  const Response again = login("Basic a2l0QGV4YW1wbGUub3JnOnRhbGwtcGluZS00MQ==");
  expect_json(again, 200, response.body);
}

TEST_F(AuthTest, RegistrationFailures) {
  users_options_.registration_open = true;
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

}  // namespace
}  // namespace tideway::api

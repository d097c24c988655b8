// The claims of a token: docs/spec/http.md 1.8.
#include "account/claims.h"

#include <gtest/gtest.h>

#include <array>

namespace tideway::account {
namespace {

Token user_token() {
  return {.id = "0123456789abcdef0123456789abcdef",
          .user_id = "3f9c1a7b42",
          .is_server = false,
          .client_id = "blip",
          .issued_s = 1'700'000'000,
          .issued_ms = 1'700'000'000'123,
          .expires_s = 1'702'592'000,
          .duration_s = 2'592'000,
          .email_verified = true};
}

void expect_equal(const Token& left, const Token& right) {
  EXPECT_EQ(left.id, right.id);
  EXPECT_EQ(left.user_id, right.user_id);
  EXPECT_EQ(left.is_server, right.is_server);
  EXPECT_EQ(left.client_id, right.client_id);
  EXPECT_EQ(left.issued_s, right.issued_s);
  EXPECT_EQ(left.issued_ms, right.issued_ms);
  EXPECT_EQ(left.expires_s, right.expires_s);
  EXPECT_EQ(left.duration_s, right.duration_s);
  EXPECT_EQ(left.email_verified, right.email_verified);
}

std::string without(std::string text, std::string_view part) {
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.erase(at, part.size());
}

std::string replaced(std::string text, std::string_view part, std::string_view by) {
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

TEST(ClaimsTest, OfAUser) {
  EXPECT_EQ(claims_json(user_token(), "api.example.net"),
            R"({"aud":"api.example.net","azp":"blip","dur":2592000,"email_verified":true,)"
            R"("exp":1702592000,"iat":1700000000,"ims":1700000000123,"iss":"api.example.net",)"
            R"("jti":"0123456789abcdef0123456789abcdef","realm_access":{"roles":[]},)"
            R"("sub":"3f9c1a7b42","svr":"no","usr":"3f9c1a7b42"})");
}

TEST(ClaimsTest, OfAServer) {
  Token token = user_token();
  token.user_id = "shoreline";
  token.is_server = true;
  token.client_id.clear();
  token.email_verified = false;
  EXPECT_EQ(
      claims_json(token, "localhost"),
      R"({"aud":"localhost","dur":2592000,"email_verified":false,"exp":1702592000,)"
      R"("iat":1700000000,"ims":1700000000123,"iss":"localhost","jti":"0123456789abcdef0123456789abcdef",)"
      R"("realm_access":{"roles":["backend_service"]},"sub":"shoreline","svr":"yes",)"
      R"("usr":"shoreline"})");
}

TEST(ClaimsTest, AreReadAsTheyWereWritten) {
  Token token = user_token();
  expect_equal(read_claims(claims_json(token, "localhost")).value(), token);
  token.client_id.clear();
  token.is_server = true;
  token.email_verified = false;
  token.user_id = "a \"server\" <1>";
  expect_equal(read_claims(claims_json(token, "localhost")).value(), token);
}

TEST(ClaimsTest, UnknownClaimsAreIgnored) {
  const std::string json = replaced(claims_json(user_token(), "x"), "{", R"({"new":[1,{"a":2}],)");
  expect_equal(read_claims(json).value(), user_token());
}

TEST(ClaimsTest, ATokenOfAnEarlierVersionTellsTheSecondOnly) {
  const std::string json = without(claims_json(user_token(), "x"), R"("ims":1700000000123,)");
  EXPECT_EQ(read_claims(json).value().issued_ms, 1'700'000'000'000);
}

TEST(ClaimsTest, AMissingClaimIsRefused) {
  const std::string json = claims_json(user_token(), "localhost");
  for (const auto* claim :
       {R"("dur":2592000,)", R"("email_verified":true,)", R"("exp":1702592000,)",
        R"("iat":1700000000,)", R"("jti":"0123456789abcdef0123456789abcdef",)", R"("svr":"no",)",
        R"(,"usr":"3f9c1a7b42")"}) {
    EXPECT_FALSE(read_claims(without(json, claim))) << claim;
  }
}

TEST(ClaimsTest, AClaimOfAnotherTypeIsRefused) {
  const std::string json = claims_json(user_token(), "localhost");
  constexpr std::array<std::array<std::string_view, 2>, 7> kChanges{{
      {R"("exp":1702592000)", R"("exp":"1702592000")"},
      {R"("exp":1702592000)", R"("exp":1702592000.5)"},
      {R"("exp":1702592000)", R"("exp":99999999999999999999)"},
      {R"("usr":"3f9c1a7b42")", R"("usr":null)"},
      {R"("svr":"no")", R"("svr":"maybe")"},
      {R"("svr":"no")", R"("svr":false)"},
      {R"("email_verified":true)", R"("email_verified":"true")"},
  }};
  for (const auto& [part, by] : kChanges) {
    EXPECT_FALSE(read_claims(replaced(json, part, by))) << by;
  }
}

TEST(ClaimsTest, WhatIsNoObjectIsRefused) {
  for (const auto* json : {"", "{", "[]", "null", "\"x\"", "{}{}", "{\"usr\":"}) {
    EXPECT_FALSE(read_claims(json)) << json;
  }
}

}  // namespace
}  // namespace tideway::account

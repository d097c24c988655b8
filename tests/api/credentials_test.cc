// Each row of docs/spec/http.md 1.1, and the credentials of the other families.
#include "api/credentials.h"

#include <gtest/gtest.h>

#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

using Kind = Identity::Kind;
using server::Request;
using server::Response;

constexpr std::string_view kSecret = "the-service-secret";

Request with(std::initializer_list<std::pair<std::string_view, std::string_view>> headers,
             std::string_view query = {}) {
  Request request;
  request.method = "GET";
  request.path = "/v1/time";
  request.query = query;
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

class CredentialsTest : public testing::Test {
 protected:
  Identity accepted(const Request& request, std::string_view secret = kSecret) {
    const auto identity = evaluate_platform_credentials(request, *tokens_, secret);
    EXPECT_TRUE(identity);
    return identity.value_or(Identity{});
  }

  void expect_refused(const Request& request, std::string_view secret = kSecret) {
    const auto identity = evaluate_platform_credentials(request, *tokens_, secret);
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().status, 403);
    EXPECT_EQ(identity.error().body,
              R"({"code":"unauthorized",)"
              R"("title":"authentication token is not authorized for requested action",)"
              R"("detail":"authentication token is not authorized for requested action"})"
              "\n");
    EXPECT_FALSE(identity.error().compressible);
  }

  Identity identity_of(const std::string& token, Kind kind) {
    const account::Token content = tokens_->verify(token).value();
    return {.kind = kind,
            .user_id = kind == Kind::kUser ? content.user_id : "",
            .token_id = content.id,
            .client_id = content.client_id};
  }

  store::MemoryStore store_;
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::string user_token_ =
      tokens_->issue({.user_id = "3f9c1a7b42", .duration_s = 60, .client_id = "blip"});
  std::string other_token_ = tokens_->issue("a1b2c3d4e5", false, 60);
  std::string server_token_ = tokens_->issue("worker", true, 60);
  Identity user_ = identity_of(user_token_, Kind::kUser);
  Identity other_ = identity_of(other_token_, Kind::kUser);
  Identity server_ = identity_of(server_token_, Kind::kService);
};

TEST_F(CredentialsTest, NothingIsAnonymous) {
  EXPECT_EQ(accepted(with({})), Identity{});
  EXPECT_EQ(accepted(with({}, "a=b&size=1")), Identity{});
}

TEST_F(CredentialsTest, TheServiceSecretIsAServiceWithoutAToken) {
  const Identity identity = accepted(with({{"X-Tidepool-Service-Secret", kSecret}}));
  EXPECT_EQ(identity.kind, Kind::kService);
  EXPECT_EQ(identity.user_id, "");
  EXPECT_EQ(identity.token_id, "");
  EXPECT_EQ(accepted(with({{"x-tidepool-service-secret", kSecret}})).kind, Kind::kService);
}

TEST_F(CredentialsTest, AnotherServiceSecretIsRefused) {
  for (const auto* secret :
       {"", "x", "the-service-secre", "the-service-secret2", "The-service-secret"}) {
    expect_refused(with({{"X-Tidepool-Service-Secret", secret}}));
  }
}

TEST_F(CredentialsTest, TwoServiceSecretsAreRefused) {
  expect_refused(
      with({{"X-Tidepool-Service-Secret", kSecret}, {"x-tidepool-service-secret", kSecret}}));
}

TEST_F(CredentialsTest, WithoutAConfiguredSecretNoneMatches) {
  expect_refused(with({{"X-Tidepool-Service-Secret", ""}}), "");
  expect_refused(with({{"X-Tidepool-Service-Secret", kSecret}}), "");
  EXPECT_EQ(accepted(with({}), ""), Identity{});
}

TEST_F(CredentialsTest, AWrongServiceSecretIsNotSavedByAGoodToken) {
  expect_refused(
      with({{"X-Tidepool-Service-Secret", "x"}, {"Authorization", "Bearer " + user_token_}}));
}

TEST_F(CredentialsTest, TheServerSecretOfServerloginIsNotRead) {
  EXPECT_EQ(accepted(with({{"X-Tidepool-Server-Secret", kSecret}})), Identity{});
  EXPECT_EQ(accepted(with({{"X-Tidepool-Server-Secret", "x"}})), Identity{});
}

TEST_F(CredentialsTest, AValidBearerIsItsUser) {
  EXPECT_EQ(user_.client_id, "blip");
  for (const auto* scheme : {"Bearer ", "bearer ", "BEARER ", "bEaReR "}) {
    EXPECT_EQ(accepted(with({{"Authorization", scheme + user_token_}})), user_) << scheme;
  }
  EXPECT_EQ(accepted(with({{"Authorization", "Bearer kc:" + user_token_ + ":refresh"}})), user_);
}

TEST_F(CredentialsTest, AServersBearerIsAService) {
  EXPECT_EQ(accepted(with({{"Authorization", "Bearer " + server_token_}})), server_);
  EXPECT_EQ(server_.user_id, "");
}

TEST_F(CredentialsTest, TwoAuthorizationsAreRefused) {
  expect_refused(with(
      {{"Authorization", "Bearer " + user_token_}, {"authorization", "Bearer " + user_token_}}));
  expect_refused(with({{"Authorization", "Basic x"}, {"Authorization", "Basic x"}}));
}

TEST_F(CredentialsTest, AnAuthorizationWithoutASpaceIsRefused) {
  for (const std::string& value : {std::string("Bearer"), std::string(), user_token_}) {
    expect_refused(with({{"Authorization", value}}));
    expect_refused(with({{"Authorization", value}, {"X-Tidepool-Session-Token", user_token_}}));
  }
}

TEST_F(CredentialsTest, AnotherSchemeIsIgnored) {
  EXPECT_EQ(accepted(with({{"Authorization", "Basic cmV5OnB3"}})), Identity{});
  EXPECT_EQ(accepted(with({{"Authorization", "Basic " + user_token_}})), Identity{});
  EXPECT_EQ(accepted(with({{"Authorization", " " + user_token_}})), Identity{});
  EXPECT_EQ(
      accepted(with({{"Authorization", "Basic x"}, {"X-Tidepool-Session-Token", user_token_}})),
      user_);
}

TEST_F(CredentialsTest, AnInvalidBearerIsIgnored) {
  // Only the first space splits, so a second one belongs to the token.
  for (const std::string& token : {std::string("x"), " " + user_token_, user_token_ + " x",
                                   user_token_ + "," + user_token_, std::string()}) {
    EXPECT_EQ(accepted(with({{"Authorization", "Bearer " + token}})), Identity{}) << token;
    EXPECT_EQ(accepted(with({{"Authorization", "Bearer " + token},
                             {"X-Tidepool-Session-Token", user_token_}})),
              user_);
  }
}

TEST_F(CredentialsTest, AValidSessionTokenIsItsUserOrAService) {
  EXPECT_EQ(accepted(with({{"X-Tidepool-Session-Token", user_token_}})), user_);
  EXPECT_EQ(accepted(with({{"x-tidepool-session-token", user_token_}})), user_);
  EXPECT_EQ(accepted(with({{"X-Tidepool-Session-Token", server_token_}})), server_);
  EXPECT_EQ(accepted(with({{"X-Tidepool-Session-Token", "kc:" + user_token_ + ":refresh"}})),
            user_);
}

TEST_F(CredentialsTest, TwoSessionTokensAreRefused) {
  expect_refused(
      with({{"X-Tidepool-Session-Token", user_token_}, {"X-Tidepool-Session-Token", user_token_}}));
}

TEST_F(CredentialsTest, AnInvalidSessionTokenIsIgnored) {
  for (const std::string& token : {std::string(), std::string("x"), user_token_ + "x"}) {
    EXPECT_EQ(accepted(with({{"X-Tidepool-Session-Token", token}})), Identity{}) << token;
  }
  ASSERT_TRUE(tokens_->revoke(user_token_));
  EXPECT_EQ(accepted(with({{"X-Tidepool-Session-Token", user_token_}})), Identity{});
}

TEST_F(CredentialsTest, TheFirstThatYieldsAnIdentityEndsTheSearch) {
  EXPECT_EQ(accepted(with({{"X-Tidepool-Service-Secret", kSecret},
                           {"Authorization", "malformed"},
                           {"X-Tidepool-Session-Token", user_token_}}))
                .kind,
            Kind::kService);
  EXPECT_EQ(accepted(with({{"Authorization", "Bearer " + user_token_},
                           {"X-Tidepool-Session-Token", other_token_},
                           {"X-Tidepool-Session-Token", other_token_}})),
            user_);
  EXPECT_EQ(accepted(with({{"X-Tidepool-Session-Token", user_token_}},
                          "restricted_token=a&restricted_token=b")),
            user_);
}

TEST_F(CredentialsTest, AnUnknownRestrictedTokenIsIgnored) {
  EXPECT_EQ(accepted(with({}, "restricted_token=5d0c")), Identity{});
  EXPECT_EQ(accepted(with({}, "restricted_token=")), Identity{});
  EXPECT_EQ(accepted(with({}, "restricted_token=a&Restricted_Token=b&restricted_tokens=c")),
            Identity{});
}

TEST_F(CredentialsTest, TwoRestrictedTokensAreRefused) {
  expect_refused(with({}, "restricted_token=a&restricted_token=b"));
  expect_refused(with({}, "restricted_token&size=1&restricted%5Ftoken="));
  expect_refused(
      with({{"X-Tidepool-Session-Token", "x"}}, "restricted_token=a&restricted_token=b"));
}

TEST_F(CredentialsTest, OtherFamiliesTakeTheSessionTokenFirst) {
  EXPECT_EQ(session_token_identity(with({{"X-Tidepool-Session-Token", user_token_}}), *tokens_),
            user_);
  EXPECT_EQ(session_token_identity(with({{"Authorization", "bearer " + user_token_}}), *tokens_),
            user_);
  EXPECT_EQ(session_token_identity(with({{"Authorization", "Bearer " + other_token_},
                                         {"X-Tidepool-Session-Token", user_token_}}),
                                   *tokens_),
            user_);
  EXPECT_EQ(session_token_identity(with({{"X-Tidepool-Session-Token", server_token_}}), *tokens_),
            server_);
}

TEST_F(CredentialsTest, OtherFamiliesDoNotFallBackFromAnInvalidSessionToken) {
  EXPECT_EQ(session_token_identity(with({{"Authorization", "Bearer " + user_token_},
                                         {"X-Tidepool-Session-Token", "x"}}),
                                   *tokens_),
            Identity{});
}

TEST_F(CredentialsTest, OtherFamiliesAreAnonymousWithoutAToken) {
  EXPECT_EQ(session_token_identity(with({}), *tokens_), Identity{});
  EXPECT_EQ(session_token_identity(with({{"Authorization", "Basic " + user_token_}}), *tokens_),
            Identity{});
  EXPECT_EQ(session_token_identity(with({{"Authorization", user_token_}}), *tokens_), Identity{});
  EXPECT_EQ(session_token_identity(with({{"X-Tidepool-Service-Secret", kSecret}}), *tokens_),
            Identity{});
}

TEST_F(CredentialsTest, SessionTokenTextIsWhatWasSent) {
  EXPECT_EQ(session_token_text(with({})), "");
  EXPECT_EQ(session_token_text(with({{"X-Tidepool-Session-Token", "kc:a:b"}})), "kc:a:b");
  EXPECT_EQ(
      session_token_text(with({{"X-Tidepool-Session-Token", ""}, {"Authorization", "Bearer a b"}})),
      "a b");
}

TEST(CannedResponsesTest, AreStyleB) {
  const Response missing = unauthenticated();
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(missing.headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(missing.body, R"({"code":"unauthenticated","title":"authentication token is invalid",)"
                          R"("detail":"authentication token is invalid"})"
                          "\n");
  const Response denied = unauthorized_bare();
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_TRUE(denied.compressible);
}

}  // namespace
}  // namespace tideway::api

// Codes and tokens through their lives, with a clock of the test.
#include "oidc/provider.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "base/ids.h"
#include "oidc/access_tokens.h"
#include "oidc/secret_text.h"
#include "tests/oidc/seeded_keys.h"

namespace tideway::oidc {
namespace {

constexpr std::string_view kClient = "xdrip";
constexpr std::string_view kRedirect = "xdrip://callback/tidepool";
constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

class ProviderTest : public testing::Test {
 protected:
  ProviderTest() {
    seed_keys(store_);
    user_ = accounts_
                .create({.email = "rey@example.org",
                         .password = "correct-horse",
                         .full_name = "",
                         .roles = {},
                         .verified = true})
                .value();
    open();
  }

  void open() {
    provider_ = Provider::open(store_, accounts_,
                               {.public_url = "https://dia.example.net",
                                .redirects = {},
                                .now_s = [this] { return now_s_; }})
                    .value();
    tokens_ = account::Tokens::open(store_, {.now_s = [this] { return now_s_; }}).value();
  }

  std::string code() {
    const Code wanted{.client_id = std::string(kClient),
                      .redirect_uri = std::string(kRedirect),
                      .challenge = to_base64url(sha256(kVerifier)),
                      .nonce = "n",
                      .scope = "openid offline_access",
                      .grant_id = random_id(),
                      .auth_time_s = now_s_};
    return provider_->grants().issue_code(user_.id, wanted, now_s_).value();
  }

  std::expected<std::string, ExchangeError> exchange(std::string_view code) {
    return provider_->exchange_code(code, kClient, kRedirect, kVerifier);
  }

  static std::string member(const std::string& json, std::string_view name) {
    const std::string start = "\"" + std::string(name) + "\":\"";
    const size_t at = json.find(start);
    if (at == std::string::npos) return {};
    const size_t begin = at + start.size();
    return json.substr(begin, json.find('"', begin) - begin);
  }

  bool works(const std::string& access_token) {
    return provider_->verify(access_token).has_value();
  }

  int64_t now_s_ = kSeededKeyTime;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  account::User user_;
  std::unique_ptr<Provider> provider_;
  std::unique_ptr<account::Tokens> tokens_;
};

TEST_F(ProviderTest, ACodeBecomesTokens) {
  const auto answer = exchange(code());
  ASSERT_TRUE(answer);
  for (const std::string_view name : {"access_token", "id_token", "refresh_token"}) {
    EXPECT_NE(member(*answer, name), "") << name;
  }
  EXPECT_EQ(member(*answer, "scope"), "openid offline_access");
  EXPECT_EQ(member(*answer, "token_type"), "Bearer");
  const auto token = provider_->verify(member(*answer, "access_token"));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->user_id, user_.id);
  EXPECT_EQ(token->client_id, kClient);
  EXPECT_FALSE(token->is_server);
}

TEST_F(ProviderTest, AnIdTokenIsNoAccessToken) {
  const auto answer = exchange(code());
  ASSERT_TRUE(answer);
  EXPECT_FALSE(works(member(*answer, "id_token")));
}

TEST_F(ProviderTest, ACodeWorksOnceAndUsingItAgainEndsTheLogin) {
  const std::string once = code();
  const auto answer = exchange(once);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(works(member(*answer, "access_token")));
  EXPECT_EQ(exchange(once).error(), ExchangeError::kReplayed);
  EXPECT_FALSE(works(member(*answer, "access_token"))) << "although it was in the cache";
  EXPECT_EQ(provider_->refresh(member(*answer, "refresh_token"), kClient).error(),
            ExchangeError::kInvalid);
}

TEST_F(ProviderTest, ACodeIsForItsClientItsAddressAndItsVerifier) {
  EXPECT_FALSE(provider_->exchange_code(code(), "aaps", kRedirect, kVerifier));
  EXPECT_FALSE(provider_->exchange_code(code(), kClient, "aaps://callback/tidepool", kVerifier));
  EXPECT_FALSE(provider_->exchange_code(code(), kClient, kRedirect, "another"));
  EXPECT_FALSE(provider_->exchange_code(code(), kClient, kRedirect, ""));
  EXPECT_FALSE(exchange("c1." + user_.id + ".AAAA"));
  EXPECT_FALSE(exchange("nonsense"));
  // A failed attempt burns the code.
  const std::string burnt = code();
  EXPECT_FALSE(provider_->exchange_code(burnt, kClient, kRedirect, "another"));
  EXPECT_FALSE(exchange(burnt));
}

TEST_F(ProviderTest, ACodeExpires) {
  const std::string late = code();
  now_s_ += GrantLimits().code_duration_s;
  EXPECT_EQ(exchange(late).error(), ExchangeError::kInvalid);
}

TEST_F(ProviderTest, RefreshingRotates) {
  std::string refresh = member(exchange(code()).value(), "refresh_token");
  for (int i = 0; i < 5; ++i) {
    now_s_ += 100 * 24 * 3600;
    const auto answer = provider_->refresh(refresh, kClient);
    ASSERT_TRUE(answer) << i;
    EXPECT_TRUE(works(member(*answer, "access_token")));
    EXPECT_NE(member(*answer, "id_token"), "");
    EXPECT_NE(member(*answer, "refresh_token"), refresh);
    refresh = member(*answer, "refresh_token");
  }
}

TEST_F(ProviderTest, RefreshedIdTokensKeepWhoAndWhen) {
  const std::string first = exchange(code()).value();
  const int64_t then = now_s_;
  now_s_ += 1000;
  const std::string second = provider_->refresh(member(first, "refresh_token"), kClient).value();
  const auto claims = [&](const std::string& answer) {
    return provider_->keys().verify(member(answer, "id_token")).value();
  };
  EXPECT_NE(claims(first).find("\"nonce\":\"n\""), std::string::npos);
  for (const std::string& text : {claims(first), claims(second)}) {
    EXPECT_NE(text.find("\"auth_time\":" + std::to_string(then)), std::string::npos) << text;
    EXPECT_EQ(member(text, "sub"), user_.id);
    EXPECT_EQ(member(text, "azp"), kClient);
    EXPECT_EQ(member(text, "aud"), kClient);
    EXPECT_EQ(member(text, "iss"), "https://dia.example.net/realms/tidepool");
  }
}

TEST_F(ProviderTest, AStolenRefreshTokenEndsTheLogin) {
  const std::string first = member(exchange(code()).value(), "refresh_token");
  const std::string second = member(provider_->refresh(first, kClient).value(), "refresh_token");
  const auto third = provider_->refresh(second, kClient);
  ASSERT_TRUE(third);
  now_s_ += GrantLimits().refresh_grace_s + 1;
  EXPECT_EQ(provider_->refresh(first, kClient).error(), ExchangeError::kReplayed);
  EXPECT_FALSE(works(member(*third, "access_token")));
  EXPECT_FALSE(provider_->refresh(member(*third, "refresh_token"), kClient));
}

TEST_F(ProviderTest, RefreshTokensAreForTheirClient) {
  const std::string refresh = member(exchange(code()).value(), "refresh_token");
  EXPECT_EQ(provider_->refresh(refresh, "aaps").error(), ExchangeError::kInvalid);
  EXPECT_TRUE(provider_->refresh(refresh, kClient)) << "and nothing was ended by that";
}

TEST_F(ProviderTest, RefreshTokensEndWithoutUse) {
  const std::string refresh = member(exchange(code()).value(), "refresh_token");
  now_s_ += GrantLimits().grant_duration_s;
  EXPECT_EQ(provider_->refresh(refresh, kClient).error(), ExchangeError::kInvalid);
}

TEST_F(ProviderTest, AccessTokensExpire) {
  const std::string access = member(exchange(code()).value(), "access_token");
  now_s_ += kAccessTokenDurationSeconds - 1;
  EXPECT_TRUE(works(access));
  now_s_ += 1;
  EXPECT_FALSE(works(access)) << "although it is in the cache";
}

TEST_F(ProviderTest, RevokingIsImmediateAndOutlivesARestart) {
  const std::string one = member(exchange(code()).value(), "access_token");
  const std::string other = exchange(code()).value();
  EXPECT_TRUE(works(one));
  ASSERT_TRUE(provider_->revoke(one, "aaps"));
  EXPECT_TRUE(works(one)) << "another client's";
  ASSERT_TRUE(provider_->revoke(one, kClient));
  EXPECT_FALSE(works(one));
  ASSERT_TRUE(provider_->revoke(member(other, "refresh_token"), kClient));
  EXPECT_FALSE(works(member(other, "access_token"))) << "it ends with its login";
  open();
  EXPECT_FALSE(works(one));
  EXPECT_FALSE(works(member(other, "access_token")));
}

TEST_F(ProviderTest, LoggingOutEndsTheGrantOfAnIdToken) {
  const std::string answer = exchange(code()).value();
  now_s_ += 10 * kAccessTokenDurationSeconds;  // the id token expired long ago
  const std::string fresh = provider_->refresh(member(answer, "refresh_token"), kClient).value();
  EXPECT_EQ(provider_->log_out(member(answer, "id_token")).value(), std::string(kClient));
  EXPECT_FALSE(works(member(fresh, "access_token")));
  EXPECT_FALSE(provider_->refresh(member(fresh, "refresh_token"), kClient));
  EXPECT_EQ(provider_->log_out("nonsense").value(), std::nullopt);
  EXPECT_EQ(provider_->log_out(member(fresh, "access_token")).value(), std::nullopt);
}

TEST_F(ProviderTest, AnotherServersTokenIsNotOurs) {
  store::MemoryStore elsewhere;
  account::Accounts accounts(elsewhere, {.operations = 1, .memory_bytes = 8192});
  const auto other = Provider::open(elsewhere, accounts,
                                    {.public_url = "https://dia.example.net",
                                     .redirects = {},
                                     .now_s = [this] { return now_s_; }})
                         .value();
  const std::string ours = member(exchange(code()).value(), "access_token");
  EXPECT_TRUE(works(ours));
  EXPECT_FALSE(other->verify(ours));
}

TEST_F(ProviderTest, KeysRotateAndOldTokensLiveOn) {
  const std::string answer = exchange(code()).value();
  const std::string before = provider_->keys().jwks();
  ASSERT_TRUE(provider_->keys().rotate(now_s_ + kKeyDurationSeconds - 1));
  EXPECT_EQ(provider_->keys().jwks(), before) << "not yet due";
  ASSERT_TRUE(provider_->keys().rotate(now_s_ + kKeyDurationSeconds));
  EXPECT_NE(provider_->keys().jwks(), before);
  open();  // nothing is cached, the keys come from the store
  EXPECT_TRUE(works(member(answer, "access_token")));
  ASSERT_TRUE(provider_->keys().rotate(now_s_ + kKeyDurationSeconds + kKeyGraceSeconds));
  open();
  EXPECT_FALSE(works(member(answer, "access_token"))) << "its key is gone";
}

TEST_F(ProviderTest, BrowserLoginsEnd) {
  const std::string cookie = provider_->grants().remember_browser(user_.id, now_s_).value();
  const auto login = provider_->grants().find_browser(cookie, now_s_ + 100);
  ASSERT_TRUE(login);
  EXPECT_EQ(login->user_id, user_.id);
  EXPECT_EQ(login->auth_time_s, now_s_);
  const int64_t end = now_s_ + GrantLimits().browser_duration_s;
  EXPECT_FALSE(provider_->grants().find_browser(cookie, end));
  EXPECT_FALSE(provider_->grants().find_browser("b1." + user_.id + ".AAAA", now_s_));
  ASSERT_TRUE(provider_->grants().forget_browser(cookie));
  EXPECT_FALSE(provider_->grants().find_browser(cookie, now_s_));
}

TEST_F(ProviderTest, OneUserHoldsNoMoreThanSoManyLogins) {
  const std::string first = member(exchange(code()).value(), "refresh_token");
  for (size_t i = 0; i < GrantLimits().entries_max; ++i) {
    now_s_ += 1;
    ASSERT_TRUE(exchange(code()));
  }
  EXPECT_FALSE(provider_->refresh(first, kClient)) << "the one that would end first has gone";
  EXPECT_LE(store_.entries(user_.id).size(), 2 * GrantLimits().entries_max + 10);
}

TEST_F(ProviderTest, AFailedStoreIsNoWrongCode) {
  const std::string once = code();
  store_.fail_updates = true;
  EXPECT_EQ(exchange(once).error(), ExchangeError::kStore);
  store_.fail_updates = false;
  EXPECT_TRUE(exchange(once));
}

TEST_F(ProviderTest, EveryRouteTakesEitherKindOfToken) {
  const auto all = with_other_kinds(
      *tokens_, {{.verify = [this](std::string_view text) { return provider_->verify(text); },
                  .revoke = [this](std::string_view text) { return provider_->revoke(text); },
                  .refresh = [this] { return provider_->refresh_revocations(); }}});
  const std::string access = member(exchange(code()).value(), "access_token");
  const std::string session = all->issue(user_.id, false, 3600);
  EXPECT_TRUE(all->verify(access));
  EXPECT_TRUE(all->verify("kc:" + access + ":refresh"));
  EXPECT_TRUE(all->verify(session));
  EXPECT_FALSE(all->verify("nonsense"));
  ASSERT_TRUE(all->revoke(access));
  EXPECT_FALSE(all->verify(access));
  ASSERT_TRUE(all->revoke(session));
  EXPECT_FALSE(all->verify(session));
}

}  // namespace
}  // namespace tideway::oidc

#include "account/tokens.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <thread>
#include <vector>

#include "account/jwt.h"
#include "base/ids.h"
#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

constexpr int64_t kStart = 1'700'000'000;

class TokensTest : public testing::Test {
 protected:
  std::unique_ptr<Tokens> open(store::MemoryStore& store) {
    return Tokens::open(store, {.issuer = "api.example.net", .now_s = [this] { return now_s_; }})
        .value();
  }

  /// A token with other claims under the real key of the store.
  std::string forge(std::string_view claims) {
    const std::string value = store_.entries(store::kDirectoryPartition).at("ktoken");
    SigningKey key;
    std::copy(value.begin() + 1, value.end(), key.begin());
    return sign_jwt(claims, key);
  }

  int64_t now_s_ = kStart;
  store::MemoryStore store_;
  std::unique_ptr<Tokens> tokens_ = open(store_);
};

TEST_F(TokensTest, AUserTokenVerifies) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, kUserTokenDurationSeconds);
  const Token token = tokens_->verify(text).value();
  EXPECT_TRUE(is_data_id(token.id)) << token.id;
  EXPECT_EQ(token.user_id, "3f9c1a7b42");
  EXPECT_FALSE(token.is_server);
  EXPECT_EQ(token.client_id, "");
  EXPECT_EQ(token.issued_s, kStart);
  EXPECT_EQ(token.expires_s, kStart + 2'592'000);
  EXPECT_EQ(token.duration_s, 2'592'000);
  EXPECT_TRUE(token.email_verified);
}

TEST_F(TokensTest, AGrantIsFullyInTheToken) {
  const std::string text = tokens_->issue({.user_id = "worker",
                                           .is_server = true,
                                           .duration_s = 60,
                                           .client_id = "blip",
                                           .email_verified = false});
  const Token token = tokens_->verify(text).value();
  EXPECT_EQ(token.user_id, "worker");
  EXPECT_TRUE(token.is_server);
  EXPECT_EQ(token.client_id, "blip");
  EXPECT_FALSE(token.email_verified);
}

TEST_F(TokensTest, FitsOneHeaderLineAndOnePathSegment) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  EXPECT_LT(text.size(), 700u);
  EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "-_."),
            std::string::npos);
}

TEST_F(TokensTest, TwoTokensOfOneSecondDiffer) {
  EXPECT_NE(tokens_->issue("3f9c1a7b42", false, 60), tokens_->issue("3f9c1a7b42", false, 60));
}

TEST_F(TokensTest, TheWrappedFormIsItsMiddle) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  EXPECT_EQ(tokens_->verify("kc:" + text + ":refresh").value().user_id, "3f9c1a7b42");
  EXPECT_FALSE(tokens_->verify("kc:" + text));
  EXPECT_FALSE(tokens_->verify("kc:" + text + ":"));
  EXPECT_FALSE(tokens_->verify("kc:" + text + ":a:b"));
  EXPECT_FALSE(tokens_->verify("kc:refresh:" + text));
}

TEST_F(TokensTest, ATokenEndsAtItsExpiry) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  now_s_ = kStart + 59;
  EXPECT_TRUE(tokens_->verify(text));
  now_s_ = kStart + 60;
  EXPECT_FALSE(tokens_->verify(text));
}

TEST_F(TokensTest, ATokenWithoutTimeNeverHolds) {
  EXPECT_FALSE(tokens_->verify(tokens_->issue("3f9c1a7b42", false, 0)));
  EXPECT_FALSE(tokens_->verify(tokens_->issue("3f9c1a7b42", false, -60)));
}

TEST_F(TokensTest, AnotherServersTokenIsRefused) {
  store::MemoryStore other_store;
  const auto other = open(other_store);
  const std::string text = other->issue("3f9c1a7b42", false, 60);
  EXPECT_TRUE(other->verify(text));
  EXPECT_FALSE(tokens_->verify(text));
}

TEST_F(TokensTest, AKeyOfZerosOrAnEmptyKeySignsNothing) {
  const std::string claims = R"({"dur":60,"email_verified":true,"exp":1800000000,"iat":1700000000,)"
                             R"("jti":"x","svr":"yes","usr":"root"})";
  ASSERT_TRUE(tokens_->verify(forge(claims))) << "the claims themselves are complete";
  EXPECT_FALSE(tokens_->verify(sign_jwt(claims, SigningKey{})));
}

TEST_F(TokensTest, GarbageIsRefused) {
  for (const auto* text : {"", ".", "..", "...", "kc:::", "a.b.c", "Bearer x", "\xff\xfe"}) {
    EXPECT_FALSE(tokens_->verify(text)) << text;
  }
  EXPECT_FALSE(tokens_->verify(std::string(1'000'000, 'x')));
}

TEST_F(TokensTest, TheWholeTextIsBoundedWrappedOrNot) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  const size_t rest = kTokenSizeBytesMax - text.size() - std::string_view("kc::").size();
  EXPECT_TRUE(tokens_->verify("kc:" + text + ":" + std::string(rest, 'r')));
  EXPECT_FALSE(tokens_->verify("kc:" + text + ":" + std::string(rest + 1, 'r')));
}

TEST_F(TokensTest, ASignedTokenWithoutTheClaimsIsRefused) {
  EXPECT_FALSE(tokens_->verify(forge(R"({"sub":"3f9c1a7b42","exp":1800000000})")));
  EXPECT_FALSE(tokens_->verify(forge("")));
}

TEST_F(TokensTest, ARevokedTokenIsRefusedAndOthersHold) {
  const std::string one = tokens_->issue("3f9c1a7b42", false, 60);
  const std::string other = tokens_->issue("3f9c1a7b42", false, 60);
  ASSERT_TRUE(tokens_->revoke(one));
  EXPECT_FALSE(tokens_->verify(one));
  EXPECT_FALSE(tokens_->verify("kc:" + one + ":refresh"));
  EXPECT_TRUE(tokens_->verify(other));
  ASSERT_TRUE(tokens_->revoke("kc:" + other + ":refresh"));
  EXPECT_FALSE(tokens_->verify(other));
}

TEST_F(TokensTest, TokensAndRevocationsOutliveTheObject) {
  const std::string kept = tokens_->issue("3f9c1a7b42", false, 60);
  const std::string revoked = tokens_->issue("3f9c1a7b42", false, 60);
  ASSERT_TRUE(tokens_->revoke(revoked));
  const auto reopened = open(store_);
  EXPECT_EQ(reopened->verify(kept).value().user_id, "3f9c1a7b42");
  EXPECT_FALSE(reopened->verify(revoked));
}

TEST_F(TokensTest, RevokingWhatDoesNotVerifyStoresNothing) {
  const size_t before = store_.entries(store::kDirectoryPartition).size();
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  EXPECT_TRUE(tokens_->revoke(""));
  EXPECT_TRUE(tokens_->revoke(text + "x"));
  now_s_ = kStart + 60;
  EXPECT_TRUE(tokens_->revoke(text));
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).size(), before);
}

TEST_F(TokensTest, ARevocationThatFailedCanBeTriedAgain) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  store_.fail_updates = true;
  EXPECT_FALSE(tokens_->revoke(text));
  EXPECT_TRUE(tokens_->verify(text));
  store_.fail_updates = false;
  EXPECT_TRUE(tokens_->revoke(text));
  EXPECT_FALSE(tokens_->verify(text));
}

TEST_F(TokensTest, ExpiredRevocationsAreGoneAfterReopening) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  const std::string id = tokens_->verify(text)->id;
  ASSERT_TRUE(tokens_->revoke(text));
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).count("r" + id), 1u);
  now_s_ = kStart + 60;
  open(store_);
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).count("r" + id), 0u);
}

TEST_F(TokensTest, ADamagedOrLaterKeyIsRefusedAndNotReplaced) {
  for (const auto* value : {"", "\x01", "\x01 short"}) {
    store_.put(store::kDirectoryPartition, "ktoken", value);
    EXPECT_EQ(Tokens::open(store_).error().kind, store::Error::Kind::kCorruption);
    EXPECT_EQ(store_.entries(store::kDirectoryPartition).at("ktoken"), value);
  }
  store_.put(store::kDirectoryPartition, "ktoken", "\x02" + std::string(32, 'k'));
  EXPECT_EQ(Tokens::open(store_).error().kind, store::Error::Kind::kVersion);
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).at("ktoken")[0], '\x02');
}

TEST_F(TokensTest, WithoutAStoreThereAreNoTokens) {
  store_.fail_updates = true;
  EXPECT_FALSE(Tokens::open(store_));
}

TEST_F(TokensTest, TwoThatOpenAtOnceShareOneKey) {
  store::MemoryStore store;
  std::vector<std::unique_ptr<Tokens>> opened(4);
  std::vector<std::thread> threads;
  threads.reserve(opened.size());
  for (auto& tokens : opened) threads.emplace_back([&] { tokens = open(store); });
  for (std::thread& thread : threads) thread.join();
  const std::string text = opened[0]->issue("3f9c1a7b42", false, 60);
  for (const auto& tokens : opened) EXPECT_TRUE(tokens->verify(text));
}

TEST_F(TokensTest, TheDefaultClockIsTheMachines) {
  const auto tokens = Tokens::open(store_).value();
  const Token token = tokens->verify(tokens->issue("3f9c1a7b42", false, 3600)).value();
  EXPECT_GT(token.issued_s, kStart);
  EXPECT_EQ(token.expires_s, token.issued_s + 3600);
}

TEST_F(TokensTest, EndingTheSessionsOfAUserEndsAllOfThemAndNoOthers) {
  const std::string one = tokens_->issue("3f9c1a7b42", false, 60);
  const std::string two = tokens_->issue("3f9c1a7b42", false, 600);
  const std::string other = tokens_->issue("0a1b2c3d4e", false, 60);
  const std::string server = tokens_->issue("3f9c1a7b42", true, 60);
  ASSERT_TRUE(tokens_->end_sessions("3f9c1a7b42"));
  EXPECT_FALSE(tokens_->verify(one));
  EXPECT_FALSE(tokens_->verify(two));
  EXPECT_TRUE(tokens_->verify(other));
  EXPECT_TRUE(tokens_->verify(server)) << "the name of a server is no user";
  // In the very same second.
  EXPECT_TRUE(tokens_->verify(tokens_->issue("3f9c1a7b42", false, 60)));
  EXPECT_FALSE(open(store_)->verify(one)) << "for good";
}

TEST_F(TokensTest, WhatOneNodeEndsEndsOnAnotherWithItsNextRefresh) {
  const auto there = open(store_);
  const std::string revoked = tokens_->issue("3f9c1a7b42", false, 60);
  const std::string ended = tokens_->issue("0a1b2c3d4e", false, 60);
  const std::string kept = tokens_->issue("aaaaaaaaaa", false, 60);
  ASSERT_TRUE(tokens_->revoke(revoked));
  ASSERT_TRUE(tokens_->end_sessions("0a1b2c3d4e"));
  EXPECT_FALSE(tokens_->verify(revoked)) << "here at once";
  EXPECT_FALSE(tokens_->verify(ended));
  EXPECT_TRUE(there->verify(revoked));
  ASSERT_TRUE(there->refresh());
  EXPECT_FALSE(there->verify(revoked));
  EXPECT_FALSE(there->verify(ended));
  EXPECT_TRUE(there->verify(kept));
  static_assert(kRefreshIntervalMs < 5000);
}

TEST_F(TokensTest, CheckingATokenTouchesNoStore) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 60);
  store_.fail_reads = true;
  store_.fail_updates = true;
  EXPECT_TRUE(tokens_->verify(text));
}

TEST_F(TokensTest, ATokenFromTheFutureIsNotYetValid) {
  now_s_ = kStart + kClockSkewSecondsMax + 1;
  const std::string text = tokens_->issue("3f9c1a7b42", false, 600);
  now_s_ = kStart;
  EXPECT_FALSE(tokens_->verify(text));
  now_s_ = kStart + 1;
  EXPECT_TRUE(tokens_->verify(text)) << "clocks of nodes differ a little";
}

TEST_F(TokensTest, NoTokenOutlivesTheMemoryOfEndedSessions) {
  const std::string text = tokens_->issue("3f9c1a7b42", false, 10 * kTokenDurationSecondsMax);
  EXPECT_EQ(tokens_->verify(text)->duration_s, kTokenDurationSecondsMax);
}

}  // namespace
}  // namespace tideway::account

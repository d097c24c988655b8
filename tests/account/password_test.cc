#include "account/password.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <string>
#include <thread>
#include <vector>

namespace tideway::account {
namespace {

using Verdict = Passwords::Verdict;

constexpr PasswordCost kCheap{.operations = 1, .memory_bytes = 8192};

TEST(PasswordTest, MatchesOnlyThePasswordThatWasHashed) {
  Passwords passwords(kCheap);
  const std::string hash = passwords.hash("correct-horse").value();
  EXPECT_EQ(passwords.verify(hash, "correct-horse"), Verdict::kMatch);
  EXPECT_EQ(passwords.verify(hash, "correct-horsf"), Verdict::kMismatch);
  EXPECT_EQ(passwords.verify(hash, "correct-hors"), Verdict::kMismatch);
  EXPECT_EQ(passwords.verify(hash, ""), Verdict::kMismatch);
}

TEST(PasswordTest, BytesBehindAZeroCount) {
  Passwords passwords(kCheap);
  const std::string hash = passwords.hash(std::string_view("before\0after", 12)).value();
  EXPECT_EQ(passwords.verify(hash, std::string_view("before\0after", 12)), Verdict::kMatch);
  EXPECT_EQ(passwords.verify(hash, std::string_view("before\0other", 12)), Verdict::kMismatch);
}

TEST(PasswordTest, EveryHashHasItsOwnSalt) {
  Passwords passwords(kCheap);
  EXPECT_NE(passwords.hash("correct-horse"), passwords.hash("correct-horse"));
}

TEST(PasswordTest, TheDefaultIsArgon2idWithInteractiveLimits) {
  Passwords passwords;
  const std::string hash = passwords.hash("correct-horse").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << hash;
}

TEST(PasswordTest, AnEmptyHashCostsAsMuchAsAnotherAndMatchesNothing) {
  Passwords passwords(kCheap);
  const std::string hash = passwords.hash("correct-horse").value();
  EXPECT_EQ(passwords.verifications(), 0u);
  EXPECT_EQ(passwords.verify(hash, "wrong-horse"), Verdict::kMismatch);
  EXPECT_EQ(passwords.verifications(), 1u);
  EXPECT_EQ(passwords.verify("", "wrong-horse"), Verdict::kMismatch);
  EXPECT_EQ(passwords.verify("", ""), Verdict::kMismatch);
  EXPECT_EQ(passwords.verifications(), 3u);
}

TEST(PasswordTest, TheHashOfNobodyLooksLikeAnyOther) {
  Passwords passwords;
  const std::string hash = passwords.hash("correct-horse").value();
  const std::string nobodys = unmatched_hash(PasswordCost());
  EXPECT_EQ(nobodys.size(), hash.size());
  const size_t parameters = std::string_view("$argon2id$v=19$m=65536,t=2,p=1$").size();
  EXPECT_EQ(nobodys.substr(0, parameters), hash.substr(0, parameters));
  EXPECT_FALSE(passwords.needs_rehash(nobodys));
  EXPECT_EQ(passwords.verify(nobodys, "correct-horse"), Verdict::kMismatch);
  EXPECT_NE(unmatched_hash(PasswordCost()), nobodys);
}

TEST(PasswordTest, WhatIsNoHashIsAFailureAndNotAMismatch) {
  Passwords passwords(kCheap);
  EXPECT_EQ(passwords.verify("not a hash", "correct-horse"), Verdict::kFailed);
  EXPECT_EQ(passwords.verify("$argon2id$v=19$m=65536", "correct-horse"), Verdict::kFailed);
}

TEST(PasswordTest, RehashIsNeededWhenParametersChanged) {
  Passwords cheap(kCheap);
  Passwords dearer({.operations = 2, .memory_bytes = 8192});
  const std::string hash = cheap.hash("correct-horse").value();
  EXPECT_FALSE(cheap.needs_rehash(hash));
  EXPECT_TRUE(dearer.needs_rehash(hash));
  EXPECT_EQ(dearer.verify(hash, "correct-horse"), Verdict::kMatch);
}

TEST(PasswordTest, MoreThreadsThanTurnsAllGetTheirAnswer) {
  constexpr size_t kThreads = 16;
  static_assert(kThreads > kPasswordHashesAtOnce);
  Passwords passwords(kCheap);
  const std::string hash = passwords.hash("correct-horse").value();
  std::atomic<size_t> matches{0};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      if (passwords.verify(hash, "correct-horse") == Verdict::kMatch) ++matches;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(matches, kThreads);
  EXPECT_EQ(passwords.verifications(), kThreads);
}

}  // namespace
}  // namespace tideway::account

#include "account/account_guard.h"

#include <gtest/gtest.h>

#include "account/user_codec.h"
#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

using store::Outcome;

constexpr std::string_view kUser = "0a1b2c3d4e";

class AccountGuardTest : public testing::Test {
 protected:
  store::Result<void> put(std::string_view partition) {
    return guard_.update(partition, [](store::Transaction& transaction) {
      transaction.put("N", "note");
      return store::Result<Outcome>(Outcome::kCommit);
    });
  }

  store::MemoryStore store_;
  AccountGuard guard_{store_};
};

// Services may write for users that have no account here.
TEST_F(AccountGuardTest, TakesWhatIsForAnybody) {
  EXPECT_TRUE(put(kUser));
  EXPECT_EQ(store_.entries(kUser).count("N"), 1u);
}

TEST_F(AccountGuardTest, RefusesWhatIsForADeletedAccount) {
  store_.put(kUser, kDeletedKey, "mark");
  const auto refused = put(kUser);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_no_account(refused.error()));
  EXPECT_EQ(store_.entries(kUser).size(), 1u);
}

TEST_F(AccountGuardTest, TheDirectoryIsNoAccount) {
  store_.put(store::kDirectoryPartition, kDeletedKey, "something else");
  EXPECT_TRUE(put(store::kDirectoryPartition));
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).count("N"), 1u);
}

// What tidies up goes on.
TEST_F(AccountGuardTest, ErasingIsNeverRefused) {
  store_.put(kUser, "N", "left");
  store_.put(kUser, kDeletedKey, "mark");
  EXPECT_TRUE(guard_.update(kUser, [](store::Transaction& transaction) {
    transaction.erase("N");
    transaction.erase_range("a", "b");
    return store::Result<Outcome>(Outcome::kCommit);
  }));
  EXPECT_EQ(store_.entries(kUser).count("N"), 0u);
}

TEST_F(AccountGuardTest, WhatGivesUpIsNotAskedForAnAccount) {
  store_.put(kUser, kDeletedKey, "mark");
  EXPECT_TRUE(guard_.update(kUser, [](store::Transaction& transaction) {
    transaction.put("N", "note");
    return store::Result<Outcome>(Outcome::kAbandon);
  }));
  EXPECT_EQ(store_.entries(kUser).count("N"), 0u);
}

TEST_F(AccountGuardTest, AFailingStoreIsNoDeletedAccount) {
  store_.fail_updates = true;
  const auto failed = put(kUser);
  ASSERT_FALSE(failed);
  EXPECT_FALSE(is_no_account(failed.error()));
}

}  // namespace
}  // namespace tideway::account

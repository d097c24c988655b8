// Accounts and tokens on the engine that they run on: what was acknowledged is there after the
// store was closed and opened again, and threads share it.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "account/accounts.h"
#include "account/tokens.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::account {
namespace {

class AccountRocksDbTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override { close(); }

  void open() {
    store_ = store::RocksDbStore::open(directory_.store_path()).value();
    accounts_ = std::make_unique<Accounts>(*store_, PasswordCost{1, 8192});
    tokens_ = Tokens::open(*store_).value();
  }

  void close() {
    tokens_.reset();
    accounts_.reset();
    store_.reset();
  }

  void reopen() {
    close();
    open();
  }

  static NewUser rey() {
    return {.email = "rey@example.org",
            .password = "correct-horse",
            .full_name = "Rey Palmer",
            .roles = {"patient", "clinician"},
            .verified = true};
  }

  store::TemporaryDirectory directory_;
  std::unique_ptr<store::RocksDbStore> store_;
  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<Tokens> tokens_;
};

TEST_F(AccountRocksDbTest, AccountsAreThereAfterReopening) {
  const User user = accounts_->create(rey()).value();
  reopen();
  EXPECT_EQ(user_json(accounts_->find(user.id).value().value()), user_json(user));
  EXPECT_EQ(accounts_->authenticate("REY@example.org", "correct-horse").value().value().id,
            user.id);
  EXPECT_FALSE(accounts_->authenticate("rey@example.org", "wrong-horse").value());
  EXPECT_EQ(accounts_->create(rey()).error(), CreateError::kExists);
}

TEST_F(AccountRocksDbTest, TokensHoldAndRevokedOnesStayRevokedAfterReopening) {
  const std::string kept = tokens_->issue("3f9c1a7b42", false, 3600);
  const std::string revoked = tokens_->issue("3f9c1a7b42", false, 3600);
  ASSERT_TRUE(tokens_->revoke(revoked));
  for (int i = 0; i < 2; ++i) {
    reopen();
    EXPECT_TRUE(tokens_->verify(kept));
    EXPECT_FALSE(tokens_->verify(revoked));
  }
}

TEST_F(AccountRocksDbTest, OfManyCreationsAtOnceOneWins) {
  constexpr int kThreads = 8;
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      NewUser wanted = rey();
      if (i % 2 != 0) wanted.email = "REY@EXAMPLE.ORG";
      const auto user = accounts_->create(wanted);
      if (user) ++created;
      if (!user && user.error() == CreateError::kExists) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, kThreads - 1);
  EXPECT_TRUE(accounts_->authenticate("rey@example.org", "correct-horse").value());
}

TEST_F(AccountRocksDbTest, ThreadsIssueVerifyAndRevokeAtOnce) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const std::string text = tokens_->issue("3f9c1a7b42", false, 3600);
        if (!tokens_->verify(text)) ++wrong;
        if (!tokens_->revoke(text) || tokens_->verify(text)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tideway::account

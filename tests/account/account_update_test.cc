#include <gtest/gtest.h>

#include "account/accounts.h"
#include "account/user_codec.h"
#include "base/time.h"
#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

class AccountUpdateTest : public testing::Test {
 protected:
  User add(const std::string& email) {
    return accounts_
        .create({.email = email, .password = "correct-horse", .full_name = "", .roles = {}})
        .value();
  }

  std::expected<User, UpdateError> rename(const User& user, const std::string& email) {
    UserUpdate update;
    update.email = email;
    return accounts_.update(user.id, update);
  }

  std::string entry(const std::string& email) {
    const auto entries = store_.entries(store::kDirectoryPartition);
    const auto found = entries.find(email_key(email));
    return found == entries.end() ? "" : found->second;
  }

  store::MemoryStore store_;
  Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
};

TEST_F(AccountUpdateTest, WhatIsNotSaidStays) {
  const User before = add("rey@example.org");
  const User after = accounts_.update(before.id, {}).value();
  EXPECT_EQ(encode_user(after), encode_user(before));
  EXPECT_EQ(accounts_.update("0123456789", {}).error(), UpdateError::kNotFound);
}

TEST_F(AccountUpdateTest, FormsAreChecked) {
  const User user = add("rey@example.org");
  UserUpdate update;
  update.password = "short";
  EXPECT_EQ(accounts_.update(user.id, update).error(), UpdateError::kInvalid);
  update = {};
  update.roles = {"king"};
  EXPECT_EQ(accounts_.update(user.id, update).error(), UpdateError::kInvalid);
  EXPECT_EQ(rename(user, "x").error(), UpdateError::kInvalid);
}

TEST_F(AccountUpdateTest, ANewEMailFreesTheOldOne) {
  const User user = add("rey@example.org");
  EXPECT_EQ(rename(user, "New@example.org")->email, "New@example.org");
  EXPECT_EQ(entry("new@example.org"), user.id);
  EXPECT_EQ(entry("rey@example.org"), "");
  EXPECT_EQ(accounts_.find_by_email("NEW@EXAMPLE.ORG").value()->id, user.id);
}

TEST_F(AccountUpdateTest, AnotherSpellingOfTheOwnEMailIsNoConflict) {
  const User user = add("rey@example.org");
  EXPECT_EQ(rename(user, "REY@example.org")->email, "REY@example.org");
  EXPECT_EQ(entry("rey@example.org"), user.id);
}

TEST_F(AccountUpdateTest, ACrashAtEveryStepLeavesOneOwnerOfEachEMail) {
  // Fails the n-th update of the rename, then looks at what is there and tries again.
  for (int fatal = 1; fatal <= 4; ++fatal) {
    const std::string old_email = "old" + std::to_string(fatal) + "@example.org";
    const std::string new_email = "new" + std::to_string(fatal) + "@example.org";
    const User user = add(old_email);
    int updates = 0;
    store_.before_update = [&](std::string_view) {
      if (++updates >= fatal) throw std::runtime_error("crash");
    };
    try {
      std::ignore = rename(user, new_email);
    } catch (const std::runtime_error&) {
    }
    store_.before_update = nullptr;
    const std::string email = accounts_.find(user.id).value()->email;
    EXPECT_EQ(accounts_.find_by_email(email).value()->id, user.id) << fatal;
    const std::string other = email == old_email ? new_email : old_email;
    EXPECT_FALSE(accounts_.find_by_email(other).value()) << fatal;
    EXPECT_TRUE(rename(user, new_email)) << fatal;
    EXPECT_EQ(accounts_.find_by_email(new_email).value()->id, user.id) << fatal;
  }
}

TEST_F(AccountUpdateTest, AnEMailThatIsBeingTakenIsTaken) {
  const User rey = add("rey@example.org");
  const User kit = add("kit@example.org");
  // Between Rey's claim and the change of his account, Kit and a new user want the same e-mail.
  bool tried = false;
  store_.before_update = [&](std::string_view partition) {
    if (partition != rey.id || tried) return;
    tried = true;
    EXPECT_EQ(rename(kit, "new@example.org").error(), UpdateError::kExists);
    EXPECT_EQ(accounts_
                  .create({.email = "NEW@example.org",
                           .password = "correct-horse",
                           .full_name = "",
                           .roles = {}})
                  .error(),
              CreateError::kExists);
  };
  EXPECT_TRUE(rename(rey, "new@example.org"));
  store_.before_update = nullptr;
  EXPECT_TRUE(tried);
  EXPECT_EQ(accounts_.find_by_email("new@example.org").value()->id, rey.id);
}

TEST_F(AccountUpdateTest, AClaimThatRanOutIsNoBar) {
  const User rey = add("rey@example.org");
  const User kit = add("kit@example.org");
  store_.put(store::kDirectoryPartition, email_key("new@example.org"),
             encode_email_entry({.user_id = rey.id, .claimed_until_ms = now_milliseconds() - 1}));
  EXPECT_TRUE(rename(kit, "new@example.org"));
  store_.put(
      store::kDirectoryPartition, email_key("next@example.org"),
      encode_email_entry({.user_id = rey.id, .claimed_until_ms = now_milliseconds() + 60'000}));
  EXPECT_EQ(rename(kit, "next@example.org").error(), UpdateError::kExists);
}

TEST_F(AccountUpdateTest, CustodyEndsWithAPassword) {
  const User user = accounts_.create_custodial("", "Kid").value();
  EXPECT_TRUE(is_temporary_email(user.email)) << user.email;
  EXPECT_NE(user.email, accounts_.create_custodial("", "").value().email);
  EXPECT_TRUE(user.password_hash.empty());
  EXPECT_FALSE(accounts_.has_password(user, "").value());
  UserUpdate update;
  update.password = "tall-pine-41";
  const User claimed = accounts_.update(user.id, update).value();
  EXPECT_EQ(claimed.roles, std::vector<std::string>{"patient"});
  EXPECT_TRUE(accounts_.has_password(claimed, "tall-pine-41").value());
}

TEST_F(AccountUpdateTest, RemovingTakesThePartitionAndFreesTheEMail) {
  const User user = add("rey@example.org");
  store_.put(user.id, "anything", "else");
  ASSERT_TRUE(accounts_.remove(user.id));
  ASSERT_EQ(store_.entries(user.id).size(), 1u);
  EXPECT_EQ(store_.entries(user.id).count("X"), 1u) << "only the mark that there was an account";
  EXPECT_EQ(entry("rey@example.org"), "");
  EXPECT_TRUE(accounts_.remove(user.id)) << "twice is no error";
  EXPECT_TRUE(add("rey@example.org").email_verified);
}

TEST_F(AccountUpdateTest, EachVisitsAccountsAndNothingElse) {
  const User rey = add("rey@example.org");
  add("kit@example.org");
  store_.put("aaaaaaaaaa", "x", "data without an account");
  int count = 0;
  EXPECT_TRUE(accounts_.each([&](const User&) { return ++count > 0; }));
  EXPECT_EQ(count, 2);
  store_.put(rey.id, kUserKey, "damaged");
  EXPECT_FALSE(accounts_.each([](const User&) { return true; }));
}

TEST(EmailEntry, ReadsWhatItWrites) {
  const EmailEntry plain = decode_email_entry("0123456789");
  EXPECT_EQ(plain.user_id, "0123456789");
  EXPECT_EQ(plain.claimed_until_ms, 0);
  const EmailEntry claim =
      decode_email_entry(encode_email_entry({.user_id = "0123456789", .claimed_until_ms = 17}));
  EXPECT_EQ(claim.user_id, "0123456789");
  EXPECT_EQ(claim.claimed_until_ms, 17);
  EXPECT_EQ(decode_email_entry("").user_id, "");
  EXPECT_EQ(decode_email_entry("#directory").user_id, "");
}

TEST_F(AccountUpdateTest, TheMarkOfARemovedAccountGoesWithTime) {
  const User user = add("rey@example.org");
  ASSERT_TRUE(accounts_.remove(user.id));
  const int64_t now_ms = now_milliseconds();
  ASSERT_TRUE(accounts_.forget_deleted(now_ms - 60'000));
  EXPECT_EQ(store_.entries(user.id).count("X"), 1u);
  ASSERT_TRUE(accounts_.forget_deleted(now_ms + 1));
  EXPECT_TRUE(store_.entries(user.id).empty());
}

// Another issuer may send the same user again.
TEST_F(AccountUpdateTest, AnAccountOfTheSameIdTakesTheMarkAway) {
  const User user = add("rey@example.org");
  ASSERT_TRUE(accounts_.remove(user.id));
  ASSERT_TRUE(accounts_.create({.email = "rey@example.org",
                                .password = "correct-horse",
                                .full_name = "Rey",
                                .roles = {},
                                .id = user.id}));
  EXPECT_EQ(store_.entries(user.id).count("X"), 0u);
  EXPECT_EQ(store_.entries(user.id).count("U"), 1u);
}

}  // namespace
}  // namespace tideway::account

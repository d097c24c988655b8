#include "account/accounts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "account/user_codec.h"
#include "base/ids.h"
#include "base/time.h"
#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

constexpr PasswordCost kCheap{.operations = 1, .memory_bytes = 8192};
constexpr std::string_view kPassword = "correct-horse";

NewUser rey() {
  return {.email = "Rey@Example.org",
          .password = std::string(kPassword),
          .full_name = "Rey Palmer",
          .roles = {},
          .verified = true};
}

class AccountsTest : public testing::Test {
 protected:
  std::string entry(std::string_view email) {
    const auto directory = store_.entries(store::kDirectoryPartition);
    const auto found = directory.find(email_key(email));
    return found == directory.end() ? "" : found->second;
  }

  store::MemoryStore store_;
  Accounts accounts_{store_, kCheap};
};

TEST_F(AccountsTest, ANewUserIsFoundByIdAndByEmail) {
  const int64_t before_ms = now_milliseconds();
  const User user = accounts_.create(rey()).value();
  EXPECT_TRUE(is_user_id(user.id)) << user.id;
  EXPECT_EQ(user.email, "Rey@Example.org");
  EXPECT_EQ(user.full_name, "Rey Palmer");
  EXPECT_EQ(user.roles, std::vector<std::string>{"patient"});
  EXPECT_TRUE(user.email_verified);
  EXPECT_GE(user.created_ms, before_ms);
  EXPECT_EQ(user.terms_accepted_ms, user.created_ms);

  const User by_id = accounts_.find(user.id).value().value();
  EXPECT_EQ(encode_user(by_id), encode_user(user));
  EXPECT_EQ(by_id.id, user.id);
  for (const auto* email : {"Rey@Example.org", "rey@example.org", "REY@EXAMPLE.ORG"}) {
    EXPECT_EQ(accounts_.find_by_email(email).value().value().id, user.id) << email;
  }
}

TEST_F(AccountsTest, AccountsOutliveTheObject) {
  const User user = accounts_.create(rey()).value();
  Accounts reopened(store_, kCheap);
  EXPECT_EQ(encode_user(reopened.find(user.id).value().value()), encode_user(user));
  EXPECT_TRUE(reopened.authenticate(user.email, kPassword).value());
}

TEST_F(AccountsTest, NobodyIsFoundUnderOtherNames) {
  const User user = accounts_.create(rey()).value();
  EXPECT_FALSE(accounts_.find("0123456789").value());
  EXPECT_FALSE(accounts_.find("").value());
  EXPECT_FALSE(accounts_.find("#directory").value());
  EXPECT_FALSE(accounts_.find_by_email("kit@example.org").value());
  EXPECT_FALSE(accounts_.find_by_email("").value());
  EXPECT_FALSE(accounts_.find_by_email(user.id).value());
}

TEST_F(AccountsTest, WithoutANameThePartBeforeTheAtIsTheName) {
  NewUser wanted = rey();
  wanted.full_name.clear();
  EXPECT_EQ(accounts_.create(wanted).value().full_name, "Rey");
}

TEST_F(AccountsTest, AnUnverifiedUserHasAcceptedNothing) {
  NewUser wanted = rey();
  wanted.verified = false;
  const User user = accounts_.create(wanted).value();
  EXPECT_FALSE(user.email_verified);
  EXPECT_EQ(user.terms_accepted_ms, 0);
}

TEST_F(AccountsTest, RolesAreKeptOnceEach) {
  NewUser wanted = rey();
  wanted.roles = {"clinician", "patient", "clinician"};
  EXPECT_EQ(accounts_.create(wanted).value().roles,
            (std::vector<std::string>{"clinician", "patient"}));
}

TEST_F(AccountsTest, MalformedFieldsAreRefusedAndLeaveNothing) {
  NewUser no_email = rey();
  no_email.email = "rey";
  NewUser no_password = rey();
  no_password.password = "short";
  NewUser no_role = rey();
  no_role.roles = {"patient", "admin"};
  for (const NewUser& wanted : {no_email, no_password, no_role}) {
    EXPECT_EQ(accounts_.create(wanted).error(), CreateError::kInvalid);
  }
  EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
}

TEST_F(AccountsTest, AnEmailIsTakenInEverySpelling) {
  const User user = accounts_.create(rey()).value();
  for (const auto* email : {"Rey@Example.org", "rey@example.org", "REY@example.ORG"}) {
    NewUser again = rey();
    again.email = email;
    EXPECT_EQ(accounts_.create(again).error(), CreateError::kExists) << email;
  }
  EXPECT_EQ(entry("rey@example.org"), user.id);
}

TEST_F(AccountsTest, AnEntryThatPointsNowhereIsTakenOver) {
  store_.put(store::kDirectoryPartition, email_key("rey@example.org"), "0123456789");
  EXPECT_FALSE(accounts_.find_by_email("rey@example.org").value());
  EXPECT_FALSE(accounts_.authenticate("rey@example.org", kPassword).value());
  const User user = accounts_.create(rey()).value();
  EXPECT_EQ(user.id, "0123456789");
  EXPECT_EQ(accounts_.find_by_email("rey@example.org").value().value().id, user.id);
}

TEST_F(AccountsTest, AnEntryThatPointsToAnotherAccountIsReplaced) {
  const User user = accounts_.create(rey()).value();
  store_.put(store::kDirectoryPartition, email_key("kit@example.org"), user.id);
  EXPECT_FALSE(accounts_.find_by_email("kit@example.org").value());
  NewUser kit = rey();
  kit.email = "kit@example.org";
  const User made = accounts_.create(kit).value();
  EXPECT_NE(made.id, user.id);
  EXPECT_EQ(accounts_.find_by_email("kit@example.org").value().value().id, made.id);
  EXPECT_EQ(accounts_.find_by_email("rey@example.org").value().value().id, user.id);
}

TEST_F(AccountsTest, AnEntryThatIsNoIdIsReplaced) {
  store_.put(store::kDirectoryPartition, email_key("rey@example.org"), "#directory");
  EXPECT_TRUE(is_user_id(accounts_.create(rey()).value().id));
}

TEST_F(AccountsTest, TheSecondOfTwoCreationsBetweenTheStepsOfTheFirstWins) {
  std::optional<std::expected<User, CreateError>> second;
  store_.before_update = [&](std::string_view partition) {
    if (partition == store::kDirectoryPartition) return;
    store_.before_update = nullptr;
    second = accounts_.create(rey());
  };
  EXPECT_EQ(accounts_.create(rey()).error(), CreateError::kExists);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ(accounts_.find_by_email("rey@example.org").value().value().id, (*second)->id);
}

TEST_F(AccountsTest, AnIdThatAnotherAccountTookMeanwhileIsNotOverwritten) {
  NewUser kit = rey();
  kit.email = "kit@example.org";
  User other = accounts_.create(kit).value();
  store_.before_update = [&](std::string_view partition) {
    if (partition == store::kDirectoryPartition) return;
    other.id = partition;
    store_.before_update = nullptr;
    store_.put(partition, kUserKey, encode_user(other));
  };
  const User user = accounts_.create(rey()).value();
  EXPECT_NE(user.id, other.id);
  EXPECT_EQ(accounts_.find(other.id).value().value().email, "kit@example.org");
  EXPECT_EQ(accounts_.find_by_email("rey@example.org").value().value().id, user.id);
}

TEST_F(AccountsTest, OfManyCreationsAtOnceOneWins) {
  constexpr int kThreads = 8;
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      const auto user = accounts_.create(rey());
      if (user) ++created;
      if (!user && user.error() == CreateError::kExists) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, kThreads - 1);
  EXPECT_TRUE(accounts_.find_by_email("rey@example.org").value());
}

TEST_F(AccountsTest, ManyUsersGetDifferentIds) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    NewUser wanted = rey();
    wanted.email = "user" + std::to_string(i) + "@example.org";
    ids.insert(accounts_.create(wanted).value().id);
  }
  EXPECT_EQ(ids.size(), 100u);
}

TEST_F(AccountsTest, AStoreThatFailsIsNotAnAnswer) {
  ASSERT_TRUE(accounts_.create(rey()));
  NewUser kit = rey();
  kit.email = "kit@example.org";
  store_.fail_updates = true;
  EXPECT_EQ(accounts_.create(kit).error(), CreateError::kStore);
  store_.fail_reads = true;
  EXPECT_EQ(accounts_.create(kit).error(), CreateError::kStore);
  EXPECT_FALSE(accounts_.find("0123456789"));
  EXPECT_FALSE(accounts_.find_by_email("rey@example.org"));
  EXPECT_FALSE(accounts_.authenticate("rey@example.org", kPassword));
  store_.fail_reads = false;
  store_.fail_updates = false;
  EXPECT_TRUE(accounts_.create(kit));
}

TEST_F(AccountsTest, ADamagedAccountIsAnErrorAndNotAbsent) {
  const User user = accounts_.create(rey()).value();
  store_.put(user.id, kUserKey, "damaged");
  EXPECT_FALSE(accounts_.find(user.id));
  EXPECT_FALSE(accounts_.find_by_email(user.email));
  EXPECT_EQ(accounts_.create(rey()).error(), CreateError::kStore);
}

TEST_F(AccountsTest, AuthenticatesByEmailAndPassword) {
  const User user = accounts_.create(rey()).value();
  EXPECT_EQ(accounts_.authenticate("Rey@Example.org", kPassword).value().value().id, user.id);
  EXPECT_EQ(accounts_.authenticate("rey@EXAMPLE.org", kPassword).value().value().id, user.id);
  EXPECT_FALSE(accounts_.authenticate("rey@example.org", "Correct-horse").value());
  EXPECT_FALSE(accounts_.authenticate("rey@example.org", "").value());
  EXPECT_FALSE(accounts_.authenticate("kit@example.org", kPassword).value());
  EXPECT_FALSE(accounts_.authenticate("", "").value());
  EXPECT_FALSE(accounts_.authenticate(user.id, kPassword).value());
}

TEST_F(AccountsTest, EveryRefusalCostsOneVerification) {
  User user = accounts_.create(rey()).value();
  const auto cost_of = [&](std::string_view email, std::string_view password) {
    const uint64_t before = accounts_.passwords().verifications();
    EXPECT_FALSE(accounts_.authenticate(email, password).value()) << email;
    return accounts_.passwords().verifications() - before;
  };
  EXPECT_EQ(cost_of("rey@example.org", "wrong-horse"), 1u);
  EXPECT_EQ(cost_of("kit@example.org", "wrong-horse"), 1u) << "unknown user";
  EXPECT_EQ(cost_of("no address", "wrong-horse"), 1u);
  user.password_hash.clear();
  store_.put(user.id, kUserKey, encode_user(user));
  EXPECT_EQ(cost_of("rey@example.org", kPassword), 1u) << "user without a password";
  EXPECT_EQ(cost_of("rey@example.org", ""), 1u);
}

TEST_F(AccountsTest, ADamagedHashIsAnErrorAndNotAWrongPassword) {
  User user = accounts_.create(rey()).value();
  user.password_hash = "$argon2id$";
  store_.put(user.id, kUserKey, encode_user(user));
  EXPECT_FALSE(accounts_.authenticate(user.email, kPassword));
}

TEST_F(AccountsTest, LoginRenewsAHashWithOldParameters) {
  const User user = accounts_.create(rey()).value();
  Accounts dearer(store_, {.operations = 2, .memory_bytes = 8192});
  EXPECT_FALSE(dearer.authenticate(user.email, "wrong-horse").value());
  EXPECT_EQ(dearer.find(user.id).value().value().password_hash, user.password_hash);
  const User renewed_user = dearer.authenticate(user.email, kPassword).value().value();
  const std::string renewed = dearer.find(user.id).value().value().password_hash;
  EXPECT_EQ(renewed_user.password_hash, renewed);
  EXPECT_NE(renewed, user.password_hash);
  EXPECT_TRUE(renewed.find(",t=2,") != std::string::npos) << renewed;
  EXPECT_TRUE(dearer.authenticate(user.email, kPassword).value());
  EXPECT_EQ(dearer.find(user.id).value().value().password_hash, renewed) << "renewed once";
}

TEST_F(AccountsTest, APasswordSetDuringTheLoginIsNotOverwritten) {
  User user = accounts_.create(rey()).value();
  Accounts dearer(store_, {.operations = 2, .memory_bytes = 8192});
  store_.before_update = [&](std::string_view partition) {
    store_.before_update = nullptr;
    user.password_hash = "set meanwhile";
    store_.put(partition, kUserKey, encode_user(user));
  };
  EXPECT_TRUE(dearer.authenticate(user.email, kPassword).value());
  EXPECT_EQ(dearer.find(user.id).value().value().password_hash, "set meanwhile");
}

TEST_F(AccountsTest, LoginSucceedsWhenTheRenewedHashCannotBeStored) {
  const User user = accounts_.create(rey()).value();
  Accounts dearer(store_, {.operations = 2, .memory_bytes = 8192});
  store_.fail_updates = true;
  EXPECT_TRUE(dearer.authenticate(user.email, kPassword).value());
  EXPECT_EQ(dearer.find(user.id).value().value().password_hash, user.password_hash);
}

}  // namespace
}  // namespace tideway::account

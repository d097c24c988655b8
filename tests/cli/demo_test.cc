// The demo account and what is printed about it.
#include "cli/demo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "tests/store/memory_store.h"

namespace tideway::cli {
namespace {

using testing::HasSubstr;

constexpr account::PasswordCost kCheap{.operations = 1, .memory_bytes = 8192};

class DemoTest : public testing::Test {
 protected:
  DemoTest() { std::filesystem::create_directories(directory_); }
  ~DemoTest() override { std::filesystem::remove_all(directory_); }

  const std::string directory_ = testing::TempDir() + "tideway-demo-" + random_id();
  const std::string password_file_ = directory_ + "/demo-password";
  store::MemoryStore store_;
  account::Accounts accounts_{store_, kCheap};
};

TEST_F(DemoTest, MakesAnAccountThatCanLogIn) {
  const auto demo = ensure_demo_account(accounts_, directory_);
  ASSERT_TRUE(demo) << demo.error();
  EXPECT_TRUE(account::is_email(demo->email));
  const auto user = accounts_.authenticate(demo->email, demo->password);
  ASSERT_TRUE(user.has_value() && user->has_value());
  EXPECT_TRUE((*user)->email_verified);
}

TEST_F(DemoTest, KeepsThePasswordAcrossRestarts) {
  const auto first = ensure_demo_account(accounts_, directory_);
  const auto second = ensure_demo_account(accounts_, directory_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->password, second->password);
}

TEST_F(DemoTest, TwoServersHaveDifferentPasswords) {
  const auto first = ensure_demo_account(accounts_, directory_);
  store::MemoryStore other_store;
  account::Accounts other_accounts(other_store, kCheap);
  std::filesystem::remove(password_file_);
  const auto second = ensure_demo_account(other_accounts, directory_);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->password, second->password);
}

TEST_F(DemoTest, HidesThePasswordFromOthers) {
  ASSERT_TRUE(ensure_demo_account(accounts_, directory_));
  struct stat status{};
  ASSERT_EQ(::stat(password_file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

// Killed between the file and the account: the file's password is the one to use.
TEST_F(DemoTest, FinishesWhatWasInterrupted) {
  std::ofstream(password_file_) << "kept-password\n";
  const auto demo = ensure_demo_account(accounts_, directory_);
  ASSERT_TRUE(demo) << demo.error();
  EXPECT_EQ(demo->password, "kept-password");
  const auto user = accounts_.authenticate(demo->email, "kept-password");
  EXPECT_TRUE(user.has_value() && user->has_value());
}

TEST_F(DemoTest, SaysThatThePasswordIsLost) {
  ASSERT_TRUE(ensure_demo_account(accounts_, directory_));
  std::filesystem::remove(password_file_);
  const auto demo = ensure_demo_account(accounts_, directory_);
  ASSERT_FALSE(demo);
  EXPECT_EQ(demo.error(), "the account demo@example.com exists, but the file with its password, " +
                              password_file_ + ", does not; start without --demo");
}

TEST_F(DemoTest, SaysThatTheDirectoryIsNotThere) {
  const auto demo = ensure_demo_account(accounts_, directory_ + "/none");
  ASSERT_FALSE(demo);
  EXPECT_EQ(demo.error(), directory_ + "/none/demo-password.new: No such file or directory");
  // No account without a password that somebody knows.
  const auto user = accounts_.find_by_email(kDemoEmail);
  EXPECT_TRUE(user.has_value() && !user->has_value());
}

TEST_F(DemoTest, SaysThatTheStoreFails) {
  store_.fail_reads = true;
  EXPECT_FALSE(ensure_demo_account(accounts_, directory_));
}

TEST(DemoText, HoldsAllThatIsNeeded) {
  const std::string text =
      demo_text({.email = "demo@example.com", .password = "pass-word"}, "http://127.0.0.1:80", 0);
  EXPECT_THAT(text, HasSubstr("e-mail    demo@example.com\n"));
  EXPECT_THAT(text, HasSubstr("password  pass-word\n"));
  EXPECT_THAT(text, HasSubstr("address   http://127.0.0.1:80\n"));
  EXPECT_THAT(text, HasSubstr("-u 'demo@example.com:pass-word' $URL/auth/login"));
  EXPECT_THAT(text, HasSubstr(R"("time":"1970-01-01T00:00:00Z"}]')"));
  EXPECT_THAT(text, HasSubstr(R"(-d '{"dataState":"closed"}')"));
  EXPECT_THAT(text, HasSubstr("\ncurl -sS -H \"$AUTH\" $URL/data/$USER_ID\n"));
}

TEST(BaseUrl, NamesAnAddressToConnectTo) {
  EXPECT_EQ(base_url("127.0.0.1:0", 8009), "http://127.0.0.1:8009");
  EXPECT_EQ(base_url("0.0.0.0:80", 80), "http://127.0.0.1:80");
  EXPECT_EQ(base_url("[::]:80", 81), "http://[::1]:81");
  EXPECT_EQ(base_url("[2001:db8::1]:80", 80), "http://[2001:db8::1]:80");
  EXPECT_EQ(base_url("tideway.example.org:80", 80), "http://tideway.example.org:80");
}

}  // namespace
}  // namespace tideway::cli

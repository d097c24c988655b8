#include "account/login_limits.h"

#include <gtest/gtest.h>

#include <string>

namespace tideway::account {
namespace {

class LoginLimitsTest : public testing::Test {
 protected:
  int64_t now_ms_ = 1'000'000;
  LoginLimits limits_{
      {.account_failures_max = 3, .address_failures_max = 5, .window_ms = 30'000, .now_ms = [this] {
         return now_ms_;
       }}};
};

TEST_F(LoginLimitsTest, AnAccountIsClosedAfterSoManyFailuresWhereverTheyComeFrom) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limits_.wait_s("rey@example.org", "192.0.2.9"), 0);
    limits_.failed("Rey@Example.org", "192.0.2." + std::to_string(i));
  }
  EXPECT_EQ(limits_.wait_s("REY@example.org", "192.0.2.9"), 10);
  EXPECT_EQ(limits_.wait_s("kit@example.org", "192.0.2.9"), 0);
  now_ms_ += 9'999;
  EXPECT_EQ(limits_.wait_s("rey@example.org", ""), 1) << "rounded up";
  now_ms_ += 1;
  EXPECT_EQ(limits_.wait_s("rey@example.org", ""), 0);
}

TEST_F(LoginLimitsTest, AnAddressIsClosedAfterSoManyFailuresOfWhateverAccounts) {
  for (int i = 0; i < 5; ++i) limits_.failed(std::to_string(i) + "@example.org", "192.0.2.1");
  EXPECT_EQ(limits_.wait_s("new@example.org", "192.0.2.1"), 6);
  EXPECT_EQ(limits_.wait_s("new@example.org", "192.0.2.2"), 0);
  EXPECT_EQ(limits_.wait_s("new@example.org", ""), 0) << "a Unix socket has no address";
}

TEST_F(LoginLimitsTest, ASuccessClearsTheAccountAndNotTheAddress) {
  for (int i = 0; i < 5; ++i) limits_.failed("rey@example.org", "192.0.2.1");
  limits_.succeeded("REY@example.org");
  EXPECT_EQ(limits_.wait_s("rey@example.org", "192.0.2.2"), 0);
  EXPECT_GT(limits_.wait_s("rey@example.org", "192.0.2.1"), 0);
}

TEST_F(LoginLimitsTest, ZeroIsNoLimit) {
  LoginLimits off({.account_failures_max = 0, .address_failures_max = 0});
  for (int i = 0; i < 1000; ++i) off.failed("rey@example.org", "192.0.2.1");
  EXPECT_EQ(off.wait_s("rey@example.org", "192.0.2.1"), 0);
}

}  // namespace
}  // namespace tideway::account

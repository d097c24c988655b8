#include "cli/descriptor_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace tideway::cli {
namespace {

/// Only the soft limit is touched: the hard one could not be put back.
class DescriptorLimit : public testing::Test {
 protected:
  DescriptorLimit() { getrlimit(RLIMIT_NOFILE, &before_); }
  ~DescriptorLimit() override { setrlimit(RLIMIT_NOFILE, &before_); }

  static rlim_t soft() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }

  rlimit before_{};
};

TEST_F(DescriptorLimit, IsRaisedAsFarAsNeeded) {
  ASSERT_GE(before_.rlim_max, 1024U);
  const rlimit low{.rlim_cur = 256, .rlim_max = before_.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(affordable_connections(100), 100U);
  EXPECT_GE(soft(), 100U + 512U);
}

TEST_F(DescriptorLimit, IsNeverLowered) {
  affordable_connections(1);
  EXPECT_EQ(soft(), before_.rlim_cur);
}

TEST_F(DescriptorLimit, GivesNoMoreConnectionsThanThereAreDescriptors) {
  if (before_.rlim_max > 1'000'000'000) return;  // then there is nothing that it cannot give
  const uint32_t connections = affordable_connections(2'000'000'000);
  EXPECT_GT(connections, 0U);
  EXPECT_LT(connections, before_.rlim_max);
}

}  // namespace
}  // namespace tideway::cli

#include "base/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace tideway {
namespace {

TEST(RateLimiter, AllowsABurstAndThenOneEachInterval) {
  RateLimiter limiter(3, 100);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.take("a", 1000), 0);
  EXPECT_EQ(limiter.take("a", 1000), 100);
  EXPECT_EQ(limiter.take("a", 1099), 1);
  EXPECT_EQ(limiter.take("a", 1100), 0);
  EXPECT_EQ(limiter.take("a", 1100), 100);
  EXPECT_EQ(limiter.take("a", 5000), 0) << "the burst comes back, but no more than it";
  EXPECT_EQ(limiter.take("a", 5000), 0);
  EXPECT_EQ(limiter.take("a", 5000), 0);
  EXPECT_EQ(limiter.take("a", 5000), 100);
}

TEST(RateLimiter, KeysCountByThemselves) {
  RateLimiter limiter(1, 100);
  EXPECT_EQ(limiter.take("a", 0), 0);
  EXPECT_EQ(limiter.take("b", 0), 0);
  EXPECT_GT(limiter.take("a", 0), 0);
}

TEST(RateLimiter, AskingChangesNothing) {
  RateLimiter limiter(1, 100);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.wait_us("a", 0), 0);
  limiter.count("a", 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.wait_us("a", 0), 100);
}

TEST(RateLimiter, TooMuchIsPaidForByALongerWaitWithABound) {
  RateLimiter limiter(2, 100);
  for (int i = 0; i < 4; ++i) limiter.count("a", 0);
  EXPECT_EQ(limiter.wait_us("a", 0), 300);
  for (int i = 0; i < 1000; ++i) limiter.count("a", 0);
  EXPECT_EQ(limiter.wait_us("a", 0), 500);
}

TEST(RateLimiter, ForgettingStartsAnew) {
  RateLimiter limiter(1, 100);
  limiter.count("a", 0);
  limiter.forget("a");
  limiter.forget("b");
  EXPECT_EQ(limiter.wait_us("a", 0), 0);
}

TEST(RateLimiter, ZeroIsNoLimit) {
  RateLimiter no_burst(0, 100);
  RateLimiter no_interval(5, 0);
  for (RateLimiter* limiter : {&no_burst, &no_interval}) {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter->take("a", 0), 0);
    limiter->count("a", 0);
    EXPECT_EQ(limiter->wait_us("a", 0), 0);
  }
}

TEST(RateLimiter, ManyKeysTakeNoMoreMemoryThanSome) {
  // More than all shards hold; those in use longest may be forgotten, new ones still count.
  RateLimiter limiter(1, 1'000'000);
  for (int i = 0; i < 100'000; ++i) limiter.take("key" + std::to_string(i), 0);
  EXPECT_EQ(limiter.take("last", 0), 0);
  EXPECT_GT(limiter.take("last", 0), 0);
}

TEST(RateLimiter, ThreadsTogetherGetNoMoreThanTheBurst) {
  RateLimiter limiter(100, 1'000'000);
  std::atomic<int> granted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 100; ++k) granted += limiter.take("a", 0) == 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(granted, 100);
}

}  // namespace
}  // namespace tideway

#include "store/rocksdb/partition_locks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace tideway::store {
namespace {

TEST(PartitionLocksTest, ForgetsNamesThatNobodyUses) {
  PartitionLocks locks;
  EXPECT_EQ(locks.size(), 0u);
  {
    const PartitionLocks::Guard a(locks, "a");
    const PartitionLocks::Guard b(locks, "b");
    EXPECT_EQ(locks.size(), 2u);
  }
  EXPECT_EQ(locks.size(), 0u);
}

TEST(PartitionLocksTest, ExcludesHoldersOfTheSameName) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 500;
  PartitionLocks locks;
  // Plain integers: TSan sees a missing lock, and without it increments would get lost.
  int counters[2] = {0, 0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round) {
          const PartitionLocks::Guard guard(locks, round % 2 == 0 ? "even" : "odd");
          ++counters[round % 2];
        }
      });
    }
  }
  EXPECT_EQ(counters[0], kThreads * kRounds / 2);
  EXPECT_EQ(counters[1], kThreads * kRounds / 2);
  EXPECT_EQ(locks.size(), 0u);
}

TEST(PartitionLocksTest, WaitingForOneNameDoesNotHoldUpAnother) {
  PartitionLocks locks;
  std::atomic<bool> entered = false;
  std::jthread waiter;
  {
    const PartitionLocks::Guard held(locks, "a");
    waiter = std::jthread([&] {
      const PartitionLocks::Guard guard(locks, "a");
      entered = true;
    });
    const PartitionLocks::Guard other(locks, "b");
    EXPECT_FALSE(entered);
  }
  waiter.join();
  EXPECT_TRUE(entered);
}

TEST(PartitionLocksTest, AnotherThreadMayGiveTheLockBack) {
  PartitionLocks locks;
  PartitionLocks::Guard held(locks, "a");
  std::jthread keeper(
      [mine = std::move(held)]() mutable { const auto given_back = std::move(mine); });
  const PartitionLocks::Guard again(locks, "a");
  EXPECT_EQ(locks.size(), 1u);
}

}  // namespace
}  // namespace tideway::store

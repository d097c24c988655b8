#include "server/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tideway::server {
namespace {

/// A queue with threads that take work.
class WorkQueueTest : public testing::Test {
 protected:
  void start(int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this] { queue_.run(); });
  }
  void stop() {
    queue_.stop();
    threads_.clear();
  }
  /// Does `work` on one of the threads, and waits for it.
  void run(const std::function<void()>& work) {
    std::promise<void> done;
    queue_.push([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  ~WorkQueueTest() override { stop(); }

  static constexpr int kQuickMax = 2;

  WorkQueue queue_{kQuickMax};
  std::vector<std::jthread> threads_;
};

TEST_F(WorkQueueTest, FirstComeFirstServed) {
  std::string order;
  for (const char c : std::string_view("abc")) queue_.push([&order, c] { order += c; });
  queue_.push_own([&order] { order += 'd'; });
  start(1);
  run([&order] { order += 'e'; });
  EXPECT_EQ(order, "abcde");
}

TEST_F(WorkQueueTest, AsManyAtATimeAsThereAreThreadsWhenEachTakesLong) {
  constexpr int kThreads = 4;
  start(kThreads);
  std::atomic<int> waiting = 0;
  std::promise<void> all;
  std::atomic<int> done = 0;
  for (int i = 0; i < kThreads; ++i) {
    queue_.push([&] {
      if (++waiting == kThreads) all.set_value();
      while (waiting < kThreads) std::this_thread::yield();
      ++done;
    });
  }
  all.get_future().wait();
  stop();
  EXPECT_EQ(done, kThreads);
}

TEST_F(WorkQueueTest, OneAfterTheOtherNeedsOneThread) {
  constexpr int kThreads = 8;
  start(kThreads);
  // Until all have started: each takes one of these, and none ends before the last is taken.
  std::latch all(kThreads + 1);
  for (int i = 0; i < kThreads; ++i) queue_.push([&] { all.arrive_and_wait(); });
  all.arrive_and_wait();

  constexpr int kCount = 100;
  int changes = 0;
  std::thread::id last;
  for (int i = 0; i < kCount; ++i) {
    run([&] {
      const std::thread::id self = std::this_thread::get_id();
      if (std::exchange(last, self) != self) ++changes;
    });
    // Until it sleeps again.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // One that the machine has paused before it slept leaves the next to another, who then goes on.
  // Any of the eight in turn would make it nearly all.
  EXPECT_LT(changes, kCount / 2);
  stop();  // before the latch goes
}

TEST_F(WorkQueueTest, FewAtATimeThatAreQuick) {
  constexpr int kCount = 2000;
  start(8);
  std::atomic<int> working = 0;
  std::atomic<int> crowded = 0;
  std::atomic<int> done = 0;
  for (int i = 0; i < kCount; ++i) {
    queue_.push([&] {
      if (++working > kQuickMax) ++crowded;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      --working;
      ++done;
    });
  }
  while (done < kCount) std::this_thread::yield();
  // One that the machine has paused does not count as quick. All eight would make it nearly all.
  EXPECT_LT(crowded, kCount * 3 / 4);
}

TEST_F(WorkQueueTest, WhatTakesLongHoldsUpNobody) {
  start(kQuickMax + 2);
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  for (int i = 0; i < kQuickMax + 1; ++i) queue_.push([released] { released.wait(); });
  std::atomic<int> done = 0;
  for (int i = 0; i < 100; ++i) queue_.push([&] { ++done; });
  while (done < 100) std::this_thread::yield();
  // Nor later, when nothing new comes.
  queue_.push([&] { queue_.push_own([&] { ++done; }); });
  while (done < 101) std::this_thread::yield();
  release.set_value();
}

TEST_F(WorkQueueTest, NothingIsLostBetweenThreads) {
  constexpr int kGivers = 4;
  constexpr int kOfEach = 5000;
  start(4);
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> givers;
    for (int giver = 0; giver < kGivers; ++giver) {
      givers.emplace_back([&] {
        for (int i = 0; i < kOfEach; ++i) {
          queue_.push([&] {
            queue_.push_own([&] { ++done; });
            ++done;
          });
        }
      });
    }
  }
  while (done < 2 * kGivers * kOfEach) std::this_thread::yield();
  stop();
  EXPECT_EQ(done, 2 * kGivers * kOfEach);
}

TEST_F(WorkQueueTest, StopLeavesTheRestUndone) {
  start(1);
  std::promise<void> begun;
  std::promise<void> release;
  bool ran = false;
  queue_.push([&] {
    begun.set_value();
    release.get_future().wait();
  });
  queue_.push([&] { ran = true; });
  begun.get_future().wait();
  queue_.stop();
  release.set_value();
  threads_.clear();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace tideway::server

#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <thread>

#include "tests/store/store_suite.h"

namespace tideway::store {
namespace {

constexpr int kThreads = 8;

TEST_P(StoreSuite, ConcurrentUpdatesOfOnePartitionLoseNothing) {
  constexpr int kIncrements = 25;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([this] {
        for (int i = 0; i < kIncrements; ++i) {
          const auto done = store_->update("u", [](Transaction& transaction) {
            const int before = std::stoi(get(transaction, "counter").value_or("0"));
            transaction.put("counter", std::to_string(before + 1));
            return Outcome::kCommit;
          });
          EXPECT_TRUE(done.has_value());
        }
      });
    }
  }
  EXPECT_EQ(get("u", "counter"), std::to_string(kThreads * kIncrements));
}

TEST_P(StoreSuite, ReadersSeeWholeCommitsOnly) {
  constexpr int kCommits = 100;
  const auto write_round = [this](int round) {
    const auto done = store_->update("u", [round](Transaction& transaction) {
      for (const char* key : {"a", "b", "c"}) transaction.put(key, std::to_string(round));
      return Outcome::kCommit;
    });
    EXPECT_TRUE(done.has_value());
  };
  write_round(0);
  std::atomic<bool> stop = false;
  std::vector<std::jthread> readers;
  for (int thread = 0; thread < 2; ++thread) {
    readers.emplace_back([this, &stop] {
      int newest = 0;
      while (!stop) {
        const auto snapshot = reader("u");
        const Entries entries = scan(*snapshot);
        ASSERT_EQ(entries.size(), 3u);
        for (const auto& [key, value] : entries) EXPECT_EQ(value, entries[0].second) << key;
        EXPECT_EQ(get(*snapshot, "b"), entries[0].second);
        // And never an older state after a newer one.
        EXPECT_GE(std::stoi(entries[0].second), newest);
        newest = std::stoi(entries[0].second);
      }
    });
  }
  for (int round = 1; round <= kCommits; ++round) write_round(round);
  stop = true;
}

TEST_P(StoreSuite, CommitShowsOnceUpdateReturned) {
  std::barrier step(2);
  std::jthread writer([&] {
    for (int i = 0; i < 20; ++i) {
      put("u", "key", std::to_string(i));
      step.arrive_and_wait();
      step.arrive_and_wait();
    }
  });
  for (int i = 0; i < 20; ++i) {
    step.arrive_and_wait();
    EXPECT_EQ(get("u", "key"), std::to_string(i));
    step.arrive_and_wait();
  }
}

Result<std::shared_ptr<Commit>> add_one_later(Store& store, std::string_view partition) {
  return store.update_later(partition, [](Transaction& transaction) -> Result<Outcome> {
    const auto before = transaction.get("counter");
    if (!before) return std::unexpected(before.error());
    transaction.put("counter", std::to_string(std::stoi(before->value_or("0")) + 1));
    return Outcome::kCommit;
  });
}

TEST_P(StoreSuite, LaterUpdatesOfAPartitionSeeThoseBeforeThem) {
  constexpr int kUpdates = 50;
  std::shared_ptr<Commit> last;
  for (int i = 0; i < kUpdates; ++i) {
    auto commit = add_one_later(*store_, "u");
    ASSERT_TRUE(commit.has_value());
    last = *std::move(commit);
  }
  if (last != nullptr) {
    EXPECT_TRUE(last->wait().has_value());
  }
  EXPECT_EQ(get("u", "counter"), std::to_string(kUpdates));
}

TEST_P(StoreSuite, ManyLaterUpdatesAreAllKept) {
  constexpr int kPartitions = 200;
  std::atomic<int> kept = 0;
  std::vector<std::shared_ptr<Commit>> commits;
  for (int i = 0; i < kPartitions; ++i) {
    auto commit = add_one_later(*store_, "u" + std::to_string(i));
    ASSERT_TRUE(commit.has_value());
    if (*commit == nullptr) continue;
    (*commit)->then([&](const Result<void>& result) { kept += result.has_value() ? 1 : 0; });
    commits.push_back(*std::move(commit));
  }
  store_.reset();  // waits for all of them
  EXPECT_EQ(kept, static_cast<int>(commits.size()));
  store_ = home_->open();
  for (int i = 0; i < kPartitions; ++i) EXPECT_EQ(get("u" + std::to_string(i), "counter"), "1");
}

TEST_P(StoreSuite, ALaterUpdateThatCommitsNothingHasNothingToWaitFor) {
  const auto abandoned = store_->update_later("u", [](Transaction& transaction) {
    transaction.put("key", "value");
    return Outcome::kAbandon;
  });
  ASSERT_TRUE(abandoned.has_value());
  EXPECT_EQ(*abandoned, nullptr);
  EXPECT_EQ(get("u", "key"), std::nullopt);
}

TEST_P(StoreSuite, UpdatesOfDifferentPartitionsRunSideBySide) {
  // Each waits inside its update until all are inside: one after the other, they would never end.
  std::latch all_inside(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        const auto done =
            store_->update("user" + std::to_string(thread), [&](Transaction& transaction) {
              all_inside.arrive_and_wait();
              transaction.put("key", std::to_string(thread));
              return Outcome::kCommit;
            });
        EXPECT_TRUE(done.has_value());
      });
    }
  }
  for (int thread = 0; thread < kThreads; ++thread) {
    EXPECT_EQ(get("user" + std::to_string(thread), "key"), std::to_string(thread));
  }
}

TEST_P(StoreSuite, ReadersDoNotWaitForAWriter) {
  put("u", "key", "before");
  std::latch inside(1);
  std::latch may_finish(1);
  std::jthread writer([&] {
    const auto done = store_->update("u", [&](Transaction& transaction) {
      transaction.put("key", "after");
      inside.count_down();
      may_finish.wait();
      return Outcome::kCommit;
    });
    EXPECT_TRUE(done.has_value());
  });
  inside.wait();
  EXPECT_EQ(get("u", "key"), "before");
  may_finish.count_down();
  writer.join();
  EXPECT_EQ(get("u", "key"), "after");
}

TEST_P(StoreSuite, UpdatesOfOnePartitionDoNotOverlap) {
  std::atomic<int> inside = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          const auto done = store_->update("u", [&](Transaction&) {
            EXPECT_EQ(++inside, 1);
            std::this_thread::yield();
            --inside;
            return Outcome::kAbandon;
          });
          EXPECT_TRUE(done.has_value());
        }
      });
    }
  }
  EXPECT_EQ(inside, 0);
}

}  // namespace
}  // namespace tideway::store

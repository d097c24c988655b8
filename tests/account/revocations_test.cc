#include "account/revocations.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

constexpr int64_t kNow = 1'700'000'000;

size_t stored(store::MemoryStore& store) {
  return store.entries(store::kDirectoryPartition).size();
}

TEST(RevocationsTest, ContainsWhatWasAdded) {
  store::MemoryStore store;
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow));
  EXPECT_FALSE(revocations.contains("one"));
  ASSERT_TRUE(revocations.add("one", kNow + 10, kNow));
  EXPECT_TRUE(revocations.contains("one"));
  EXPECT_FALSE(revocations.contains("on"));
  EXPECT_FALSE(revocations.contains(""));
  ASSERT_TRUE(revocations.add("one", kNow + 10, kNow)) << "twice is no error";
  EXPECT_EQ(revocations.size(), 1u);
}

TEST(RevocationsTest, LoadingDropsWhatHasExpired) {
  store::MemoryStore store;
  store.put(store::kDirectoryPartition, "eother@example.org", "3f9c1a7b42");
  store.put(store::kDirectoryPartition, "s", "");
  {
    Revocations revocations(store);
    ASSERT_TRUE(revocations.load(kNow));
    ASSERT_TRUE(revocations.add("early", kNow + 10, kNow));
    ASSERT_TRUE(revocations.add("late", kNow + 11, kNow));
  }
  EXPECT_EQ(stored(store), 4u);
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow + 10));
  EXPECT_FALSE(revocations.contains("early"));
  EXPECT_TRUE(revocations.contains("late"));
  EXPECT_EQ(stored(store), 3u) << "entries that are no revocations stay";
}

TEST(RevocationsTest, AFailureChangesNothing) {
  store::MemoryStore store;
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow));
  store.fail_updates = true;
  EXPECT_FALSE(revocations.add("one", kNow + 10, kNow));
  EXPECT_FALSE(revocations.contains("one"));
  EXPECT_FALSE(Revocations(store).load(kNow));
}

TEST(RevocationsTest, ADamagedEntryIsNotLoadedAsNothing) {
  store::MemoryStore store;
  for (const auto* value : {"", "\x80", "\x01x"}) {
    store.put(store::kDirectoryPartition, "rone", value);
    const auto loaded = Revocations(store).load(kNow);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, store::Error::Kind::kCorruption);
  }
}

TEST(RevocationsTest, ALongLifeDoesNotCollectExpiredEntries) {
  store::MemoryStore store;
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow));
  size_t most = 0;
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(revocations.add("token" + std::to_string(i), kNow + i + 100, kNow + i));
    most = std::max(most, revocations.size());
  }
  EXPECT_LE(most, 1024u);
  EXPECT_LE(stored(store), 1024u);
  for (int i = 2900; i < 3000; ++i) {
    EXPECT_TRUE(revocations.contains("token" + std::to_string(i))) << i;
  }
}

TEST(RevocationsTest, ThreadsAddAndAskAtOnce) {
  store::MemoryStore store;
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow));
  std::atomic<int> missing{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        if (!revocations.add(id, kNow + 10, kNow) || !revocations.contains(id)) ++missing;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(missing, 0);
  EXPECT_EQ(revocations.size(), 200u);
  EXPECT_EQ(stored(store), 200u);
}

}  // namespace
}  // namespace tideway::account

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

/// Entries in the directory, but for the mark that tells other nodes of a change.
size_t stored(store::MemoryStore& store) {
  const auto entries = store.entries(store::kDirectoryPartition);
  return entries.size() - entries.count("krevoked");
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

TEST(RevocationsTest, ACutoffIsPerUserAndOnlyMovesForward) {
  store::MemoryStore store;
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow));
  EXPECT_EQ(revocations.cutoff_ms("0a1b2c3d4e"), 0);
  ASSERT_TRUE(revocations.add_cutoff("0a1b2c3d4e", 2000, kNow + 10, kNow));
  ASSERT_TRUE(revocations.add_cutoff("0a1b2c3d4e", 1000, kNow + 5, kNow));
  EXPECT_EQ(revocations.cutoff_ms("0a1b2c3d4e"), 2000);
  EXPECT_EQ(revocations.cutoff_ms("0a1b2c3d4f"), 0);
  EXPECT_FALSE(revocations.contains("0a1b2c3d4e")) << "a user's id is no token's";
  EXPECT_TRUE(revocations.is_dead("any", "0a1b2c3d4e", 1999));
  EXPECT_FALSE(revocations.is_dead("any", "0a1b2c3d4e", 2000));
  EXPECT_FALSE(revocations.is_dead("any", "other", 0));
  ASSERT_TRUE(revocations.add("one", kNow + 10, kNow));
  EXPECT_TRUE(revocations.is_dead("one", "other", 2000));
  Revocations reopened(store);
  ASSERT_TRUE(reopened.load(kNow + 9));
  EXPECT_EQ(reopened.cutoff_ms("0a1b2c3d4e"), 2000);
  ASSERT_TRUE(reopened.load(kNow + 10));
  EXPECT_EQ(reopened.cutoff_ms("0a1b2c3d4e"), 0);
}

TEST(RevocationsTest, RefreshingTakesOverWhatAnotherNodeEnded) {
  store::MemoryStore store;
  Revocations here(store);
  Revocations there(store);
  ASSERT_TRUE(here.load(kNow));
  ASSERT_TRUE(there.load(kNow));
  ASSERT_TRUE(there.add("one", kNow + 10, kNow));
  ASSERT_TRUE(there.add_cutoff("0a1b2c3d4e", 2000, kNow + 10, kNow));
  EXPECT_FALSE(here.contains("one"));
  ASSERT_TRUE(here.refresh(kNow));
  EXPECT_TRUE(here.contains("one"));
  EXPECT_EQ(here.cutoff_ms("0a1b2c3d4e"), 2000);
}

TEST(RevocationsTest, RefreshingWithoutNewsReadsOneKeyAndWritesNothing) {
  store::MemoryStore store;
  Revocations revocations(store);
  ASSERT_TRUE(revocations.load(kNow));
  ASSERT_TRUE(revocations.add("one", kNow + 10, kNow));
  ASSERT_TRUE(revocations.refresh(kNow));
  store.fail_updates = true;
  EXPECT_TRUE(revocations.refresh(kNow));
  store.fail_reads = true;
  EXPECT_FALSE(revocations.refresh(kNow)) << "a store that is gone is told";
}

}  // namespace
}  // namespace tideway::account

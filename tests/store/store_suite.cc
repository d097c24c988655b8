#include "tests/store/store_suite.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

namespace tideway::store {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST_P(StoreSuite, GetsWhatWasPut) {
  put("u", "key", "value");
  EXPECT_EQ(get("u", "key"), "value");
}

TEST_P(StoreSuite, HasNothingUnderOtherKeys) {
  put("u", "key", "value");
  EXPECT_EQ(get("u", "ke"), std::nullopt);
  EXPECT_EQ(get("u", "key "), std::nullopt);
  EXPECT_EQ(get("u", ""), std::nullopt);
}

TEST_P(StoreSuite, KeepsAnEmptyValueAndAnEmptyKey) {
  put("u", "", "");
  EXPECT_EQ(get("u", ""), "");
  EXPECT_THAT(scan("u"), ElementsAre(Pair("", "")));
}

TEST_P(StoreSuite, ReplacesAValue) {
  put("u", "key", "old");
  put("u", "key", "new");
  EXPECT_EQ(get("u", "key"), "new");
  EXPECT_EQ(scan("u").size(), 1u);
}

TEST_P(StoreSuite, ErasesAValue) {
  put("u", "a", "1");
  put("u", "b", "2");
  erase("u", "a");
  EXPECT_EQ(get("u", "a"), std::nullopt);
  EXPECT_THAT(scan("u"), ElementsAre(Pair("b", "2")));
  erase("u", "never there");
  EXPECT_THAT(scan("u"), ElementsAre(Pair("b", "2")));
}

TEST_P(StoreSuite, LastWriteOfAKeyInOneUpdateCounts) {
  const auto done = store_->update("u", [](Transaction& transaction) {
    transaction.put("a", "first");
    transaction.put("a", "last");
    transaction.put("b", "put, then erased");
    transaction.erase("b");
    transaction.erase("c");
    transaction.put("c", "erased, then put");
    return Outcome::kCommit;
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "last"), Pair("c", "erased, then put")));
}

TEST_P(StoreSuite, TransactionReadsTheStateBeforeIt) {
  put("u", "a", "before");
  const auto done = store_->update("u", [](Transaction& transaction) {
    transaction.put("a", "after");
    transaction.put("b", "new");
    EXPECT_EQ(get(transaction, "a"), "before");
    EXPECT_EQ(get(transaction, "b"), std::nullopt);
    EXPECT_THAT(scan(transaction), ElementsAre(Pair("a", "before")));
    return Outcome::kCommit;
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "after"), Pair("b", "new")));
}

TEST_P(StoreSuite, ErasesARangeOfKeys) {
  for (const char* key : {"a", "b", "ba", "c", "d"}) put("u", key, key);
  put("t", "b", "of another partition");
  put("v", "b", "of another partition");
  erase_range("u", "b", "c");
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "a"), Pair("c", "c"), Pair("d", "d")));
  erase_range("u", "d", "c");
  erase_range("u", "c", "c");
  EXPECT_EQ(scan("u").size(), 3u);
  erase_range("u", "c", "");
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "a")));
  erase_range("u", "", "");
  EXPECT_THAT(scan("u"), IsEmpty());
  EXPECT_EQ(scan("t").size(), 1u);
  EXPECT_EQ(scan("v").size(), 1u);
}

TEST_P(StoreSuite, ErasedRangesStayErasedAfterAReopen) {
  for (const char* key : {"a", "b", "c"}) put("u", key, key);
  erase_range("u", "a", "c");
  reopen();
  EXPECT_THAT(scan("u"), ElementsAre(Pair("c", "c")));
  put("u", "b", "again");
  EXPECT_EQ(get("u", "b"), "again");
}

TEST_P(StoreSuite, WritesAndRangesOfOneUpdateCountInTheirOrder) {
  put("u", "old", "1");
  const auto done = store_->update("u", [](Transaction& transaction) {
    transaction.put("a", "put before the range was erased");
    transaction.erase_range("", "");
    transaction.put("b", "put behind it");
    return Outcome::kCommit;
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_THAT(scan("u"), ElementsAre(Pair("b", "put behind it")));
}

/// An engine may keep what it knows of the last write of a partition to speed up the next one
/// (rocksdb_options.cc): keys and ranges of several partitions by turns must not confuse it.
TEST_P(StoreSuite, WritesAndRangesByTurnsLeaveWhatAMapWouldHold) {
  constexpr int kUpdates = 400;
  std::mt19937 random(1);
  const auto pick = [&](int count) {
    return std::uniform_int_distribution<>(0, count - 1)(random);
  };
  // Some are the next after another, where RocksDB's ranges begin.
  const auto make_key = [&] {
    return std::to_string(pick(100)) + std::string(pick(4) == 0 ? 1 : 0, '\0');
  };
  std::map<std::string, std::map<std::string, std::string>> expected;
  for (int i = 0; i < kUpdates; ++i) {
    const std::string partition(1, static_cast<char>('u' + pick(3)));
    auto& entries = expected[partition];
    const auto done = store_->update(partition, [&](Transaction& transaction) {
      for (int writes = 1 + pick(20); writes > 0; --writes) {
        std::string key = make_key();
        if (pick(4) > 0) {
          transaction.put(key, std::to_string(i));
          entries[key] = std::to_string(i);
        } else if (pick(2) == 0) {
          transaction.erase(key);
          entries.erase(key);
        } else {
          const std::string end = make_key();
          transaction.erase_range(key, end);
          if (key < end) entries.erase(entries.lower_bound(key), entries.lower_bound(end));
        }
      }
      return Outcome::kCommit;
    });
    ASSERT_TRUE(done.has_value());
    if (pick(8) != 0) continue;
    ASSERT_EQ(scan(partition), Entries(entries.begin(), entries.end())) << "after update " << i;
    const std::string key = make_key();
    ASSERT_EQ(get(partition, key).has_value(), entries.contains(key)) << "after update " << i;
  }
  reopen();
  for (const auto& [partition, entries] : expected) {
    EXPECT_EQ(scan(partition), Entries(entries.begin(), entries.end()));
  }
}

TEST_P(StoreSuite, AReaderKeepsWhatARangeErasesLater) {
  put("u", "a", "1");
  const auto reader = store_->read("u").value();
  erase_range("u", "", "");
  EXPECT_EQ(get(*reader, "a"), "1");
  EXPECT_EQ(get("u", "a"), std::nullopt);
}

TEST_P(StoreSuite, VisitsThePartitionsThatHoldSomething) {
  const std::string longest(200, 'x');
  for (const std::string& partition : {std::string("u"), std::string("uu"), longest}) {
    put(partition, "a", "1");
    put(partition, "b", "2");
  }
  put("empty", "a", "1");
  erase("empty", "a");
  std::vector<std::string> seen;
  const auto visited = store_->partitions([&](std::string_view partition) {
    seen.emplace_back(partition);
    return true;
  });
  EXPECT_TRUE(visited.has_value());
  EXPECT_THAT(seen, testing::UnorderedElementsAre("u", "uu", longest));
  int count = 0;
  EXPECT_TRUE(store_->partitions([&](std::string_view) { return ++count < 2; }).has_value());
  EXPECT_EQ(count, 2);
}

TEST_P(StoreSuite, ReclaimingChangesNothingThatIsThere) {
  for (int i = 0; i < 100; ++i) put("u", std::to_string(i), std::string(1000, 'x'));
  erase_range("u", "2", "9");
  put("t", "a", "1");
  const Entries before = scan("u");
  EXPECT_TRUE(store_->reclaim("u").has_value());
  EXPECT_TRUE(store_->reclaim("nobody").has_value());
  EXPECT_EQ(scan("u"), before);
  EXPECT_EQ(get("t", "a"), "1");
}

TEST_P(StoreSuite, AbandonedUpdateLeavesNothing) {
  put("u", "a", "kept");
  const auto done = store_->update("u", [](Transaction& transaction) {
    transaction.put("a", "changed");
    transaction.put("b", "new");
    return Outcome::kAbandon;
  });
  EXPECT_TRUE(done.has_value());
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "kept")));
}

TEST_P(StoreSuite, FailedUpdateLeavesNothingAndPassesItsErrorOn) {
  put("u", "a", "kept");
  const auto done = store_->update("u", [](Transaction& transaction) -> Result<Outcome> {
    transaction.erase("a");
    return std::unexpected(Error{Error::Kind::kCorruption, "the block is damaged"});
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().kind, Error::Kind::kCorruption);
  EXPECT_EQ(done.error().message, "the block is damaged");
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "kept")));
}

TEST_P(StoreSuite, ThrowingUpdateLeavesNothingAndReleasesThePartition) {
  EXPECT_THROW(static_cast<void>(store_->update("u",
                                                [](Transaction& transaction) -> Result<Outcome> {
                                                  transaction.put("a", "1");
                                                  throw std::runtime_error("out of memory");
                                                })),
               std::runtime_error);
  EXPECT_THAT(scan("u"), IsEmpty());
  put("u", "a", "2");
  EXPECT_EQ(get("u", "a"), "2");
}

TEST_P(StoreSuite, EmptyUpdateIsFine) {
  EXPECT_TRUE(store_->update("u", [](Transaction&) { return Outcome::kCommit; }).has_value());
  EXPECT_THAT(scan("u"), IsEmpty());
}

TEST_P(StoreSuite, ScansInByteOrder) {
  const std::vector<std::string> keys = {"",      "\0"s,   "\0\0"s, "\0\xff"s, "\x01"s,    "A",
                                         "a",     "a\0"s,  "ab",    "a\xff"s,  "b",        "\x7f",
                                         "\x80"s, "\xfe"s, "\xff"s, "\xff\0"s, "\xff\xff"s};
  std::vector<std::string> shuffled = keys;
  std::ranges::shuffle(shuffled, std::mt19937(7));
  for (const std::string& key : shuffled) put("u", key, "value of " + key);
  Entries expected;
  for (const std::string& key : keys) expected.emplace_back(key, "value of " + key);
  EXPECT_EQ(scan("u"), expected);
}

TEST_P(StoreSuite, ScanBoundsIncludeBeginAndExcludeEnd) {
  for (const char* key : {"a", "b", "c", "d"}) put("u", key, key);
  EXPECT_THAT(scan("u", "b", "d"), ElementsAre(Pair("b", "b"), Pair("c", "c")));
  EXPECT_THAT(scan("u", "b"), ElementsAre(Pair("b", "b"), Pair("c", "c"), Pair("d", "d")));
  EXPECT_THAT(scan("u", "", "b"), ElementsAre(Pair("a", "a")));
  EXPECT_THAT(scan("u", "aa", "bb"), ElementsAre(Pair("b", "b")));
  EXPECT_THAT(scan("u", "b", "b"), IsEmpty());
  EXPECT_THAT(scan("u", "c", "b"), IsEmpty());
  EXPECT_THAT(scan("u", "e"), IsEmpty());
}

TEST_P(StoreSuite, ScanStopsWhenToldTo) {
  for (const char* key : {"a", "b", "c"}) put("u", key, key);
  std::string seen;
  const auto done = reader("u")->scan({}, {}, [&](std::string_view key, std::string_view) {
    seen += key;
    return key != "b";
  });
  EXPECT_TRUE(done.has_value());
  EXPECT_EQ(seen, "ab");
}

TEST_P(StoreSuite, ScansByPrefix) {
  for (const std::string& key : {"a"s, "b"s, "b1"s, "b\xff\xff"s, "c"s, "\xff"s, "\xff\xff"s}) {
    put("u", key, "");
  }
  const auto keys_with = [&](std::string_view prefix) {
    std::vector<std::string> keys;
    EXPECT_TRUE(scan_prefix(*reader("u"), prefix, [&](std::string_view key, std::string_view) {
                  keys.emplace_back(key);
                  return true;
                }).has_value());
    return keys;
  };
  EXPECT_THAT(keys_with("b"), ElementsAre("b", "b1", "b\xff\xff"));
  EXPECT_THAT(keys_with("\xff"), ElementsAre("\xff", "\xff\xff"));
  EXPECT_EQ(keys_with("").size(), 7u);
  EXPECT_THAT(keys_with("d"), IsEmpty());
}

TEST_P(StoreSuite, PartitionsDoNotMix) {
  // Each pair of partition and key concatenates to the same bytes; one partition is empty.
  const std::vector<std::pair<std::string, std::string>> places = {
      {"", "abc"}, {"a", "bc"}, {"ab", "c"}, {"abc", ""}, {"abc\0"s, ""}, {"abc\xff"s, ""}};
  for (const auto& [partition, key] : places) put(partition, key, "of " + partition);
  for (const auto& [partition, key] : places) {
    EXPECT_THAT(scan(partition), ElementsAre(Pair(key, "of " + partition)));
  }
  erase("ab", "c");
  EXPECT_THAT(scan("ab"), IsEmpty());
  EXPECT_EQ(get("a", "bc"), "of a");
  EXPECT_EQ(get("abc", ""), "of abc");
}

TEST_P(StoreSuite, PartitionsMayHaveLongNames) {
  const std::string long_name(1000, 'p');
  put(long_name, "key", "long");
  put(long_name + "p", "key", "longer");
  put(std::string(kDirectoryPartition), "key", "directory");
  EXPECT_THAT(scan(long_name), ElementsAre(Pair("key", "long")));
  EXPECT_THAT(scan(long_name + "p"), ElementsAre(Pair("key", "longer")));
  EXPECT_THAT(scan(kDirectoryPartition), ElementsAre(Pair("key", "directory")));
}

TEST_P(StoreSuite, ReaderDoesNotSeeLaterCommits) {
  put("u", "a", "1");
  put("u", "b", "1");
  const auto before = reader("u");
  put("u", "a", "2");
  erase("u", "b");
  put("u", "c", "2");
  EXPECT_EQ(get(*before, "a"), "1");
  EXPECT_EQ(get(*before, "b"), "1");
  EXPECT_EQ(get(*before, "c"), std::nullopt);
  EXPECT_THAT(scan(*before), ElementsAre(Pair("a", "1"), Pair("b", "1")));
  EXPECT_THAT(scan("u"), ElementsAre(Pair("a", "2"), Pair("c", "2")));
}

TEST_P(StoreSuite, ReopeningFindsEverything) {
  put("u", "kept", "1");
  put("u", "erased", "1");
  put("v", "replaced", "1");
  erase("u", "erased");
  put("v", "replaced", "2");
  for (int times = 0; times < 2; ++times) {
    reopen();
    EXPECT_THAT(scan("u"), ElementsAre(Pair("kept", "1")));
    EXPECT_THAT(scan("v"), ElementsAre(Pair("replaced", "2")));
  }
}

TEST_P(StoreSuite, KeepsALargeValue) {
  std::string value(32 << 20, '\0');
  std::mt19937_64 random(1);  // so that no compression hides its size
  for (size_t i = 0; i < value.size(); i += 8) {
    const uint64_t word = random();
    std::copy_n(reinterpret_cast<const char*>(&word), 8, value.data() + i);
  }
  put("u", "large", value);
  EXPECT_TRUE(get("u", "large") == value);
  reopen();
  EXPECT_TRUE(get("u", "large") == value);
}

TEST_P(StoreSuite, KeepsManyKeys) {
  constexpr int kUpdates = 20;
  constexpr int kKeysPerUpdate = 1000;
  const auto key_of = [](int i) { return std::to_string(100'000 + i); };
  for (int update = 0; update < kUpdates; ++update) {
    const auto done = store_->update("u", [&](Transaction& transaction) {
      for (int i = 0; i < kKeysPerUpdate; ++i) {
        const int number = i * kUpdates + update;
        transaction.put(key_of(number), std::to_string(number));
      }
      return Outcome::kCommit;
    });
    ASSERT_TRUE(done.has_value());
  }
  reopen();
  const Entries entries = scan("u");
  ASSERT_EQ(entries.size(), static_cast<size_t>(kUpdates * kKeysPerUpdate));
  for (int i = 0; i < kUpdates * kKeysPerUpdate; ++i) {
    ASSERT_EQ(entries[i], std::make_pair(key_of(i), std::to_string(i)));
  }
  EXPECT_EQ(get("u", key_of(12'345)), "12345");
}

}  // namespace
}  // namespace tideway::store

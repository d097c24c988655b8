#include "store/rocksdb/entry_tree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/coding.h"

namespace tideway::store {
namespace {

using Random = std::mt19937;

/// The n-th user key.
using UserKeys = std::function<std::string(Random&, size_t n)>;

std::string key_of(std::string_view user_key, uint64_t sequence) {
  std::string key(user_key);
  put_fixed64(key, sequence << 8 | 1);
  return key;
}

/// Entries with the sequence numbers 1, 2, 3, …, in memory that stays where it is.
class Entries {
 public:
  const char* add(std::string_view user_key) {
    std::string& entry = entries_.emplace_back();
    put_bytes(entry, key_of(user_key, entries_.size()));
    entry += "value";
    return entry.data();
  }

 private:
  std::deque<std::string> entries_;
};

/// The order that RocksDB asks for.
struct Before {
  using Key = std::pair<std::string, uint64_t>;
  bool operator()(const Key& a, const Key& b) const {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  }
};
using Model = std::map<Before::Key, const char*, Before>;

const char* entry_at(const Model& model, Model::const_iterator at) {
  return at == model.end() ? nullptr : at->second;
}

void expect_neighbours(const EntryTree& tree, const Model& model, const std::string& user_key,
                       uint64_t sequence) {
  const std::string key = key_of(user_key, sequence);
  const auto after = model.lower_bound({user_key, sequence});
  ASSERT_EQ(tree.at_or_after(key).entry, entry_at(model, after));
  const auto beyond = model.upper_bound({user_key, sequence});
  ASSERT_EQ(tree.at_or_before(key).entry,
            beyond == model.begin() ? nullptr : std::prev(beyond)->second);
}

void expect_walks(const EntryTree& tree, const Model& model) {
  EntryTree::Position at = tree.first();
  for (const auto& [key, entry] : model) {
    ASSERT_EQ(at.entry, entry);
    at = tree.after(at);
  }
  ASSERT_EQ(at.entry, nullptr);
  at = tree.last();
  for (auto known = model.rbegin(); known != model.rend(); ++known) {
    ASSERT_EQ(at.entry, known->second);
    at = tree.before(at);
  }
  ASSERT_EQ(at.entry, nullptr);
}

void compare_with_model(const UserKeys& user_keys, size_t count) {
  Random random(1);
  Entries entries;
  EntryTree tree;
  Model model;
  for (size_t n = 0; n < count; ++n) {
    const std::string user_key = user_keys(random, n);
    const char* const entry = entries.add(user_key);
    tree.insert(entry);
    model.emplace(Before::Key(user_key, n + 1), entry);
    const uint64_t sequence = random() % (n + 3);
    ASSERT_NO_FATAL_FAILURE(
        expect_neighbours(tree, model, user_keys(random, random() % (n + 1)), sequence));
    if (n % (count / 7) == 0) {
      ASSERT_NO_FATAL_FAILURE(expect_walks(tree, model));
    }
  }
  expect_walks(tree, model);
}

constexpr size_t kCount = 20'000;

TEST(EntryTreeTest, AnEmptyOneHasNoEnds) {
  const EntryTree tree;
  EXPECT_EQ(tree.first().entry, nullptr);
  EXPECT_EQ(tree.last().entry, nullptr);
  EXPECT_EQ(tree.at_or_after(key_of("a", 1)).entry, nullptr);
  EXPECT_EQ(tree.at_or_before(key_of("a", 1)).entry, nullptr);
}

TEST(EntryTreeTest, DigestsBehindALongPrefix) {
  compare_with_model(
      [](Random& random, size_t) {
        return fmt::format("the same for many keys {}/{:08x}", random() % 20, random());
      },
      kCount);
}

TEST(EntryTreeTest, ManyVersionsOfFewKeys) {
  compare_with_model([](Random& random, size_t) { return std::string(random() % 5, 'k'); }, kCount);
}

TEST(EntryTreeTest, VersionsBetweenOtherKeys) {
  compare_with_model(
      [](Random& random, size_t) {
        return random() % 2 == 0 ? fmt::format("set {}", random() % 3)
                                 : fmt::format("set {} {}", random() % 3, random());
      },
      kCount);
}

/// Of bytes that are easily mistaken for a bound or for padding.
TEST(EntryTreeTest, ShortKeysThatBeginAlike) {
  compare_with_model(
      [](Random& random, size_t) {
        std::string user_key(random() % 12, '\0');
        for (char& byte : user_key) byte = std::string_view("\0\x01\x7f\xff", 4)[random() % 4];
        return user_key;
      },
      kCount);
}

/// Much of one user's has more in common than a head holds, and lies beside another user's.
TEST(EntryTreeTest, UsersSideBySide) {
  compare_with_model(
      [](Random& random, size_t) {
        const std::string user = fmt::format("user {}", random() % 7);
        const std::string set = fmt::format("{} of its sets", random() % 2);
        switch (random() % 3) {
          case 0:
            return fmt::format("{} S {}", user, set);
          case 1:
            return fmt::format("{} b {} {:08}", user, set, random() % 9);
          default:
            return fmt::format("{} O {} {:08x}", user, set, random());
        }
      },
      kCount);
}

/// No key comes behind all that begin with such bytes.
TEST(EntryTreeTest, PrefixesWithoutAnEnd) {
  compare_with_model(
      [](Random& random, size_t) {
        std::string user_key(random() % 40, '\xff');
        for (size_t i = random() % 3; i > 0; --i) user_key += static_cast<char>(random());
        return user_key;
      },
      kCount);
}

TEST(EntryTreeTest, KeysLongerThanAChunk) {
  compare_with_model(
      [](Random& random, size_t) {
        return std::string(70'000, 'k') + std::string(random() % 2, 'x');
      },
      200);
}

TEST(EntryTreeTest, AscendingAndDescendingKeys) {
  compare_with_model([](Random&, size_t n) { return fmt::format("{:08}", n); }, kCount);
  compare_with_model([](Random&, size_t n) { return fmt::format("{:08}", kCount - n); }, kCount);
}

TEST(EntryTreeTest, TellsWhatItsNodesTake) {
  Entries entries;
  EntryTree tree;
  const size_t before = tree.memory_bytes();
  for (size_t n = 0; n < kCount; ++n) tree.insert(entries.add(fmt::format("{}", n)));
  EXPECT_GT(tree.memory_bytes(), before + kCount * 2 * sizeof(uint64_t));
  EXPECT_LT(tree.memory_bytes(), before + kCount * 200);
}

constexpr size_t kGrowingEntryBytes = 64;

/// What one thread adds while others read: readers know of the first `complete` entries.
struct Growing {
  EntryTree tree;
  std::vector<std::string> keys;  ///< with trailer, by number
  std::vector<const char*> entries;
  std::atomic<size_t> complete = 0;
};

void look_up(const Growing& growing, Random& random) {
  const size_t complete = growing.complete.load(std::memory_order_acquire);
  const size_t n = random() % complete;
  ASSERT_EQ(growing.tree.at_or_after(growing.keys[n]).entry, growing.entries[n]);
  ASSERT_EQ(growing.tree.at_or_before(growing.keys[n]).entry, growing.entries[n]);
}

/// From one end to the other.
template <class Next>
void walk(const Growing& growing, EntryTree::Position (EntryTree::*end)() const, int direction,
          const Next& next) {
  const size_t complete = growing.complete.load(std::memory_order_acquire);
  std::vector<bool> seen(growing.keys.size());
  std::string_view last;
  for (auto at = (growing.tree.*end)(); at.entry != nullptr; at = next(at)) {
    Decoder in({at.entry, kGrowingEntryBytes});
    const std::string_view key = in.bytes();
    const std::string_view user_key = key.substr(0, key.size() - 8);
    ASSERT_TRUE(last.empty() || direction * user_key.compare(last) > 0);
    last = user_key;
    seen[Decoder(key.substr(user_key.size())).fixed64() >> 8] = true;
  }
  // A walk may meet what came after it began, and must meet what was complete.
  for (size_t n = 0; n < complete; ++n) ASSERT_TRUE(seen[n]) << n << " of " << complete;
}

TEST(EntryTreeTest, IsReadWhileItGrows) {
  constexpr size_t kEntries = 30'000;
  Growing growing;
  Random random(1);
  std::deque<std::string> memory;
  for (size_t n = 0; n < kEntries; ++n) {
    growing.keys.push_back(
        key_of(fmt::format("they begin alike {}/{:08x}", random() % 8, random()), n));
    std::string& entry = memory.emplace_back();
    put_bytes(entry, growing.keys.back());
    entry.resize(kGrowingEntryBytes);
    growing.entries.push_back(entry.data());
  }
  growing.tree.insert(growing.entries[0]);
  growing.complete = 1;
  std::vector<std::jthread> threads;
  threads.emplace_back([&] {
    for (size_t n = 1; n < kEntries; ++n) {
      growing.tree.insert(growing.entries[n]);
      growing.complete.store(n + 1, std::memory_order_release);
    }
  });
  for (unsigned reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&, reader] {
      Random own(reader);
      const EntryTree& tree = growing.tree;
      while (growing.complete < kEntries && !testing::Test::HasFailure()) {
        for (int i = 0; i < 200; ++i) look_up(growing, own);
        walk(growing, &EntryTree::first, 1, [&](const auto& at) { return tree.after(at); });
        walk(growing, &EntryTree::last, -1, [&](const auto& at) { return tree.before(at); });
      }
    });
  }
}

}  // namespace
}  // namespace tideway::store

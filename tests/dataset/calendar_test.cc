#include "dataset/calendar.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/dataset/data_sets_fixture.h"

namespace tideway::dataset {
namespace {

using store::BlockSummary;

constexpr int64_t kDayMs = 86'400'000;

BlockSummary summary_of(std::vector<BlockSummary::TypeRange> types) {
  BlockSummary summary;
  for (const auto& range : types) summary.count += range.count;
  summary.types = std::move(types);
  return summary;
}

class Calendar : public testing::Test {
 protected:
  template <class Write>
  void write(Write step) {
    const auto updated = store_.update(kUser, [&](store::Transaction& transaction) {
      step(transaction);
      return store::Outcome::kCommit;
    });
    EXPECT_TRUE(updated);
  }

  /// Stores a block that has records on these days.
  void put(const BlockName& name, int64_t first_day, int64_t last_day) {
    put(name, summary_of({{"cbg", 2, first_day * kDayMs, last_day * kDayMs}}));
  }
  void put(const BlockName& name, BlockSummary summary) {
    const auto known = summaries_.find(name);
    write([&](auto& transaction) {
      put_summary(transaction, name, known == summaries_.end() ? nullptr : &known->second, summary);
    });
    summaries_[name] = std::move(summary);
  }
  void erase(const BlockName& name) {
    write([&](auto& transaction) { erase_summary(transaction, name, summaries_.at(name)); });
    summaries_.erase(name);
  }

  std::vector<BlockName> find(int64_t first_day, int64_t last_day) {
    const auto found = find_blocks(**store_.read(kUser), first_day * kDayMs, last_day * kDayMs);
    std::vector<BlockName> names;
    for (const BlockRef& block : **found) names.push_back(block.name);
    return names;
  }

  store::MemoryStore store_;
  std::map<BlockName, BlockSummary> summaries_;
};

TEST_F(Calendar, FindsBlocksOfSomeDays) {
  put({"a", 0}, 1000, 1010);
  put({"a", 1}, 1010, 1020);
  put({"b", 0}, 1500, 1501);
  EXPECT_EQ(find(1500, 1500), (std::vector<BlockName>{{"b", 0}}));
  EXPECT_EQ(find(1005, 1015), (std::vector<BlockName>{{"a", 0}, {"a", 1}}));
  EXPECT_TRUE(find(1200, 1300).empty());
  EXPECT_EQ(find(0, 3'000'000).size(), 3U);
}

TEST_F(Calendar, FindsABlockByAnyOfItsTypes) {
  put({"a", 0}, summary_of({{"basal", 1, 100 * kDayMs, 100 * kDayMs},
                            {"cbg", 1, 9000 * kDayMs, 9000 * kDayMs}}));
  EXPECT_EQ(find(100, 100).size(), 1U);
  EXPECT_EQ(find(9000, 9000).size(), 1U);
  EXPECT_TRUE(find(5000, 5000).empty());
}

TEST_F(Calendar, ABlockOfManyMonthsIsFoundWhateverIsLookedFor) {
  put({"a", 0}, 1000, 1500);
  EXPECT_EQ(find(-9000, -9000).size(), 1U);
  EXPECT_EQ(store_.entries(kUser).size(), 2U) << "the summary and one entry";
}

TEST_F(Calendar, TellsWhenThereAreManyAndVisitsAll) {
  for (uint32_t number = 0; number < 1100; ++number) put({"a", number}, 1000, 1000);
  const auto reader = *store_.read(kUser);
  EXPECT_FALSE(*find_blocks(*reader, 0, 2000 * kDayMs));
  size_t count = 0;
  EXPECT_TRUE(scan_summaries_between(*reader, 0, 2000 * kDayMs, [&](auto) { ++count; }));
  EXPECT_EQ(count, 1100U);
  EXPECT_TRUE(find(3000, 3001).empty());
}

TEST_F(Calendar, TimesOfAllYearsHaveAMonth) {
  const int64_t end_ms = std::numeric_limits<int64_t>::max();
  const int64_t begin_ms = std::numeric_limits<int64_t>::min();
  put({"a", 0}, summary_of({{"cbg", 1, end_ms, end_ms}}));
  put({"b", 0}, summary_of({{"cbg", 1, begin_ms, begin_ms}}));
  const auto reader = *store_.read(kUser);
  EXPECT_EQ((*find_blocks(*reader, 0, end_ms))->size(), 1U);
  EXPECT_EQ((*find_blocks(*reader, begin_ms, end_ms))->size(), 2U);
}

TEST_F(Calendar, FailsWhenABlockIsMissing) {
  put({"a", 0}, 1000, 1000);
  store_.put(kUser, summary_key("a", 0), "garbage");
  EXPECT_FALSE(find_blocks(**store_.read(kUser), 0, 2000 * kDayMs));
  write([](auto& transaction) { transaction.erase(summary_key("a", 0)); });
  EXPECT_FALSE(find_blocks(**store_.read(kUser), 0, 2000 * kDayMs));
}

TEST_F(Calendar, FindsAllThatTouchASpanAndLeavesNothing) {
  std::mt19937 random(7);
  const auto any_day = [&](int64_t bound) { return static_cast<int64_t>(random()) % bound; };
  for (int step = 0; step < 3000; ++step) {
    const BlockName name{random() % 2 == 0 ? "a" : "b", static_cast<uint32_t>(random() % 60)};
    if (random() % 3 == 0) {
      if (summaries_.contains(name)) erase(name);
    } else {
      std::vector<BlockSummary::TypeRange> types;
      for (const std::string type : {"basal", "bolus", "cbg"}) {
        const int64_t first_day = any_day(3000);
        const int64_t days = any_day(random() % 5 == 0 ? 800 : 20);
        if (random() % 2 == 0) {
          types.push_back({type, 1, first_day * kDayMs, (first_day + days) * kDayMs});
        }
      }
      put(name, summary_of(std::move(types)));
    }
    const int64_t first_ms = any_day(3000) * kDayMs;
    const int64_t last_ms = first_ms + any_day(200) * kDayMs;
    const auto found = find_blocks(**store_.read(kUser), first_ms, last_ms);
    ASSERT_TRUE(found && *found);
    ASSERT_TRUE(std::ranges::is_sorted(**found, std::less(), &BlockRef::name));
    for (const auto& [wanted, summary] : summaries_) {
      const bool touches = std::ranges::any_of(summary.types, [&](const auto& range) {
        return range.time_first_ms <= last_ms && range.time_last_ms >= first_ms;
      });
      ASSERT_TRUE(!touches || std::ranges::count(**found, wanted, &BlockRef::name) == 1);
    }
  }
  while (!summaries_.empty()) erase(summaries_.begin()->first);
  EXPECT_TRUE(store_.entries(kUser).empty());
}

class SetCalendar : public DataSetsFixture {
 protected:
  std::vector<std::string> find(int64_t first_day, int64_t last_day) {
    return **find_sets(**store_.read(kUser), kNoonMs + first_day * kDayMs,
                       kNoonMs + last_day * kDayMs);
  }
};

TEST_F(SetCalendar, FindsASetByItsOwnTime) {
  const std::string id = create(Deduplicator::kNone);
  EXPECT_EQ(find(-1, 1), std::vector<std::string>{id});
  EXPECT_TRUE(find(100, 200).empty());
}

/// Pieces, whole blocks and rebuilt ones: whatever was written, its entries are those of what is
/// there.
TEST_F(SetCalendar, EntriesOfBlocksComeAndGoWithTheirRecords) {
  constexpr int kMonthMinutes = 60 * 24 * 30;
  const std::string id = create(Deduplicator::kNone, kContinuous);
  const auto count = [&] {
    return std::ranges::count_if(store_.entries(kUser), [](const auto& entry) {
      return entry.first.starts_with(kBlockCalendarPrefix);
    });
  };
  const auto remove = [&](std::string_view name) {
    const Selection selection{Selection::Key::kId, {id_of(name)}};
    ASSERT_TRUE(sets_->remove(kUser, id, selection, ++now_ms_));
  };
  add(id, smbg("a", 0));
  add(id, smbg("b", 1));
  EXPECT_EQ(count(), 1);
  add(id, smbg("c", 2 * kMonthMinutes) + ',' + smbg("d", 4 * kMonthMinutes));
  EXPECT_GT(count(), 4) << "all months from the first record to the last";
  remove("c");
  remove("d");
  EXPECT_EQ(count(), 1);
  remove("a");
  remove("b");
  EXPECT_EQ(count(), 0);
}

TEST_F(SetCalendar, FollowsAnUpdate) {
  const std::string id = create(Deduplicator::kNone);
  DataSetUpdate update;
  update.time_ms = kNoonMs + 150 * kDayMs;
  ASSERT_TRUE(sets_->update(kUser, id, update, kUser, kNoonMs));
  EXPECT_EQ(find(100, 200), std::vector<std::string>{id});
}

}  // namespace
}  // namespace tideway::dataset

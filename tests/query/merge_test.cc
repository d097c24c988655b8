#include "query/merge.h"

#include <algorithm>
#include <random>

#include "tests/query/fixture.h"

namespace tideway::query {
namespace {

class MergeTest : public QueryTest {
 protected:
  Catalogue catalogue(const Filter& filter = {}) {
    return std::move(*Catalogue::read(*store_.read(kUser), filter));
  }

  /// A merge of the records of a type, or nothing when there are none.
  std::optional<Merge> merge(const Catalogue& catalogue, std::string_view type = "smbg",
                             std::optional<Rank> after = {}) {
    const auto found = std::ranges::find(catalogue.types(), type);
    if (found == catalogue.types().end()) return std::nullopt;
    return Merge(catalogue, static_cast<uint32_t>(found - catalogue.types().begin()),
                 sets_->id_cipher(), after);
  }

  /// The names of the records that are left, in order; at most `take_max` are taken at a time.
  static Names names_of(Merge& merge, size_t take_max = 1000, Rank* last = nullptr) {
    Names names;
    while (true) {
      const auto run = merge.run();
      if (!run) return {run.error().message};
      if (run->count == 0) return names;
      run->block->prepare(run->count);
      const size_t count = std::min(run->count, take_max);
      for (size_t i = 0; i < count; ++i) {
        std::string text;
        run->block->append(text, i);
        const size_t at = text.find(R"("id":")") + 6;
        std::string name = text.substr(at, 32);
        name.erase(name.find_last_not_of('0') + 1);
        names.push_back(std::move(name));
        if (last != nullptr) *last = run->block->rank(i);
      }
      EXPECT_TRUE(merge.take(count));
    }
  }

  Names walk(const Filter& filter, std::string_view type = "smbg") {
    const Catalogue all = catalogue(filter);
    auto walked = merge(all, type);
    return walked ? names_of(*walked) : Names();
  }
};

TEST_F(MergeTest, GoesFromNewToOld) {
  upload({'[' + smbg("b", 2) + ',' + smbg("d", 4) + ',' + smbg("a", 1) + ',' + smbg("c", 3) + ']'});
  EXPECT_EQ(walk({}), (Names{"d", "c", "b", "a"}));
}

TEST_F(MergeTest, MergesBlocksThatOverlap) {
  upload({'[' + smbg("a", 1) + ',' + smbg("d", 4) + ',' + smbg("f", 6) + ']'});
  upload({'[' + smbg("b", 2) + ',' + smbg("c", 3) + ',' + smbg("e", 5) + ']'});
  upload({'[' + smbg("g", 7) + ']'});
  EXPECT_EQ(walk({}), (Names{"g", "f", "e", "d", "c", "b", "a"}));
}

TEST_F(MergeTest, GivesOfEqualTimesTheNewestInsertionFirst) {
  dataset::DataSet older = new_set(Deduplicator::kNone);
  dataset::DataSet newer = new_set(Deduplicator::kNone);
  newer.created_ms = kNoonMs + 1;
  upload({'[' + smbg("c", 1) + ',' + smbg("d", 1) + ']'}, newer);
  upload({'[' + smbg("a", 1) + ',' + smbg("b", 1) + ']'}, older);
  EXPECT_EQ(walk({}), (Names{"d", "c", "b", "a"}));
}

TEST_F(MergeTest, GivesOfEqualTimesTheLaterBlockFirst) {
  std::string large = dataset::many_smbg(300);
  large.pop_back();
  upload({large + ',' + smbg("a", 59) + ']', '[' + smbg("b", 59) + ']'});
  Filter filter;
  filter.start_ms = minute_ms(59);
  EXPECT_EQ(walk(filter), (Names{"b", "a"}));
}

TEST_F(MergeTest, AgreesWithSortingEverything) {
  std::mt19937 random(11);
  std::vector<std::pair<int, std::string>> all;
  for (int set = 0; set < 6; ++set) {
    std::string body = "[";
    for (int i = 0; i < 300; ++i) {
      const int minute = static_cast<int>(random() % 600);
      const std::string name = fmt::format("s{}i{}x", set, i);
      body += (i == 0 ? "" : ",") + smbg(name, minute);
      all.emplace_back(minute, name);
    }
    dataset::DataSet made = new_set(Deduplicator::kNone);
    made.created_ms += set;
    upload({body + ']'}, made);
  }
  // Inserted in this order; a stable sort keeps it among equal times.
  std::ranges::reverse(all);
  std::ranges::stable_sort(all, std::greater(), &std::pair<int, std::string>::first);
  Names expected;
  for (auto& [minute, name] : all) expected.push_back(name);
  EXPECT_EQ(walk({}), expected);
}

TEST_F(MergeTest, LeavesOutWhatIsNotAskedFor) {
  upload({'[' + smbg("a", 1) + ',' + food("b", 2) + ',' + smbg("c", 3, 5.5, "D2") + ',' +
          smbg("d", 4) + ']'});
  EXPECT_EQ(walk({}, "food"), (Names{"b"}));
  EXPECT_EQ(walk({}, "cbg"), Names());
  Filter filter;
  filter.device_id = "D1";
  EXPECT_EQ(walk(filter), (Names{"d", "a"}));
  filter.start_ms = minute_ms(4);
  EXPECT_EQ(walk(filter), (Names{"d"}));
  filter.start_ms = minute_ms(4) + 1;
  EXPECT_EQ(walk(filter), Names());
}

TEST_F(MergeTest, LeavesOutMaskedRecords) {
  const auto hash_set = new_set(Deduplicator::kDeviceDeactivateHash);
  upload({'[' + smbg("a", 1) + ',' + smbg("b", 2) + ']'}, hash_set);
  upload({'[' + smbg("c", 2) + ',' + smbg("d", 3) + ']'}, hash_set);
  EXPECT_EQ(walk({}), (Names{"d", "c", "a"}));
}

TEST_F(MergeTest, OpensABlockOnlyWhenItIsDue) {
  // Three sets, hours apart.
  for (const int hour : {1, 2, 3}) upload({'[' + smbg(fmt::format("h{}x", hour), hour * 60) + ']'});
  const Catalogue all = catalogue();
  auto walked = merge(all);
  EXPECT_EQ(store_.take_block_gets(), 0);
  for (uint32_t i = 1; i <= 3; ++i) {
    ASSERT_EQ(walked->run()->count, 1U);
    EXPECT_EQ(store_.take_block_gets(), 1);
    EXPECT_EQ(walked->opened_count(), i);
    ASSERT_TRUE(walked->take(1));
  }
  EXPECT_EQ(walked->run()->count, 0U);
  EXPECT_EQ(store_.take_block_gets(), 0);
}

TEST_F(MergeTest, GivesNeighboursOfOneBlockAtOnce) {
  upload({dataset::many_smbg(900)});
  const Catalogue all = catalogue();
  EXPECT_EQ(merge(all)->run()->count, 900U);
}

TEST_F(MergeTest, GoesOnBehindAnyPlace) {
  // Two sets of the same times, so that every place is between records of both.
  upload({dataset::many_smbg(40)});
  upload({dataset::many_smbg(40)});
  const Catalogue all = catalogue();
  auto walked = merge(all);
  Names names;
  std::vector<Rank> ranks;
  while (true) {
    const auto run = walked->run().value();
    if (run.count == 0) break;
    ranks.push_back(run.block->rank(0));
    ASSERT_TRUE(walked->take(1));
  }
  ASSERT_EQ(ranks.size(), 80U);
  EXPECT_TRUE(std::ranges::is_sorted(ranks, std::greater()));
  auto whole = merge(all);
  const Names expected = names_of(*whole);
  for (size_t i = 0; i < ranks.size(); ++i) {
    auto rest = merge(all, "smbg", ranks[i]);
    EXPECT_TRUE(std::ranges::equal(names_of(*rest), std::span(expected).subspan(i + 1))) << i;
  }
}

// So many blocks that overlap that they cannot all stay open.
TEST_F(MergeTest, BoundsWhatItHolds) {
  Names expected;
  constexpr int kSets = 24;
  constexpr int kRecords = 29;
  const std::string note(900, 'n');
  for (int set = 0; set < kSets; ++set) {
    std::string body = "[";
    for (int i = 0; i < kRecords; ++i) {
      const std::string name = fmt::format("s{}i{}x", set, i);
      std::string record = smbg(name, i * kSets + set);
      record.insert(1, fmt::format(R"("notes":["{0}","{0}","{0}"],)", note));
      body += (i == 0 ? "" : ",") + record;
    }
    upload({body + ']'});
  }
  for (int i = kRecords; i-- > 0;) {
    for (int set = kSets; set-- > 0;) expected.push_back(fmt::format("s{}i{}x", set, i));
  }
  const Catalogue all = catalogue();
  for (const size_t take_max : {1000, 1}) {
    store_.take_block_gets();
    auto walked = merge(all);
    EXPECT_EQ(names_of(*walked, take_max), expected);
    // Each was opened several times, as it kept only some of its records, but not for every record.
    const int gets = store_.take_block_gets();
    EXPECT_GT(gets, 2 * kSets);
    EXPECT_LT(gets, 10 * kSets);
  }
}

TEST_F(MergeTest, DerivesIdsThatStay) {
  upload({dataset::many_smbg(200)});
  const Names ids = walk({});
  Names sorted = ids;
  std::ranges::sort(sorted);
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
  EXPECT_EQ(walk({}), ids);
  // Whatever else the filter leaves out.
  Filter filter;
  filter.end_ms = minute_ms(0) + 100'000;
  const Names some = walk(filter);
  ASSERT_EQ(some.size(), 101U);
  EXPECT_TRUE(std::ranges::equal(some, std::span(ids).subspan(99)));
}

TEST_F(MergeTest, FailsWhenABlockIsCorrupt) {
  const std::string id = upload({'[' + smbg("a", 1) + ']'});
  memory_.put(kUser, dataset::block_key(id, 0), "garbage");
  const Catalogue all = catalogue();
  EXPECT_FALSE(merge(all)->run());
}

}  // namespace
}  // namespace tideway::query

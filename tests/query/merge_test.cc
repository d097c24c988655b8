#include "query/merge.h"

#include <algorithm>
#include <random>

#include "tests/query/fixture.h"

namespace tideway::query {
namespace {

class MergeTest : public QueryTest {
 protected:
  /// The names of all records of a type, in order.
  Names walk(const Filter& filter, std::string_view type = "smbg") {
    const Catalogue catalogue = std::move(*Catalogue::read(*store_.read(kUser), filter));
    Merge merge(catalogue, filter, type, sets_->id_cipher());
    Names names;
    while (true) {
      const auto found = merge.next();
      if (!found) return {found.error().message};
      if (!*found) return names;
      std::string name = (*found)->id;
      name.erase(name.find_last_not_of('0') + 1);
      names.push_back(std::move(name));
    }
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
  const Catalogue catalogue = std::move(*Catalogue::read(*store_.read(kUser), {}));
  const Filter filter;
  Merge merge(catalogue, filter, "smbg", sets_->id_cipher());
  EXPECT_EQ(store_.take_block_gets(), 0);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(merge.next().value());
    EXPECT_EQ(store_.take_block_gets(), 1);
  }
  EXPECT_FALSE(merge.next().value());
  EXPECT_EQ(store_.take_block_gets(), 0);
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
  const Catalogue catalogue = std::move(*Catalogue::read(*store_.read(kUser), {}));
  const Filter filter;
  Merge merge(catalogue, filter, "smbg", sets_->id_cipher());
  EXPECT_FALSE(merge.next());
}

}  // namespace
}  // namespace tideway::query

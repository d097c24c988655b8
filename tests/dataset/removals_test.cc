#include "dataset/removals.h"

#include <algorithm>

#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {
namespace {

using Names = std::vector<std::string>;
using store::Outcome;
using store::Transaction;

class RemovalsTest : public testing::Test {
 protected:
  void put(const BlockName& block, int64_t now_ms, const std::vector<Removal>& removals) {
    EXPECT_TRUE(store_.update(kUser, [&](Transaction& transaction) -> store::Result<Outcome> {
      EXPECT_TRUE(put_removals(transaction, block, now_ms, removals));
      return Outcome::kCommit;
    }));
  }
  bool sweep(int64_t before_ms) {
    bool any = false;
    EXPECT_TRUE(store_.update(kUser, [&](Transaction& transaction) -> store::Result<Outcome> {
      any = sweep_removals(transaction, before_ms).value();
      return Outcome::kCommit;
    }));
    return any;
  }
  /// "set id type time" of each.
  Names since(int64_t since_ms) {
    Names found;
    const auto reader = store_.read(kUser).value();
    const auto visit = [&](auto upload_id, const Removal& removal) {
      found.push_back(
          fmt::format("{} {} {} {}", upload_id, removal.id, removal.type, removal.time_ms));
    };
    std::string at = removals_begin(since_ms);
    while (next_removals(*reader, at, visit).value()) {
    }
    return found;
  }

  store::MemoryStore store_;
};

TEST_F(RemovalsTest, AreFoundByWhen) {
  put({"s1", 3}, 100, {{"a", "cbg", -5}, {"b", "food", 7}});
  put({"s2", 0}, 200, {{"c", "cbg", 9}});
  put({"s1", 3}, 100, {{"d", "cbg", 1}});  // within the same millisecond
  put({"s1", 3}, 300, {});
  EXPECT_EQ(since(0), (Names{"s1 a cbg -5", "s1 b food 7", "s1 d cbg 1", "s2 c cbg 9"}));
  EXPECT_EQ(since(101), (Names{"s2 c cbg 9"}));
  EXPECT_EQ(since(200), (Names{"s2 c cbg 9"}));
  EXPECT_EQ(since(201), Names());
  EXPECT_FALSE(sweep(100));
  EXPECT_TRUE(sweep(101));
  EXPECT_EQ(since(-1), (Names{"s2 c cbg 9"}));
}

TEST_F(RemovalsTest, RefuseGarbage) {
  put({"s1", 0}, 100, {{"a", "cbg", 1}});
  const auto entries = store_.entries(kUser);
  store_.put(kUser, entries.begin()->first, "\x01\x40");
  const auto reader = store_.read(kUser).value();
  std::string at = removals_begin(0);
  EXPECT_FALSE(next_removals(*reader, at, [](auto, auto&) {}));
}

class RemovedRecordsTest : public RemovalsTest {
 protected:
  void add(const std::string& id, const std::string& body, int64_t now_ms) {
    const SampleBatch records(body);
    EXPECT_TRUE(sets_->add(kUser, id, records.batch(), new_chunk(), now_ms));
  }
  static std::string with_origin(std::string_view name, std::string_view origin, int minute) {
    std::string record = smbg(name, minute);
    record.insert(1, fmt::format(R"("origin":{{"id":"{}"}},)", origin));
    return record;
  }

  std::unique_ptr<DataSets> sets_ = DataSets::open(store_).value();
};

TEST_F(RemovedRecordsTest, AreEnteredWhenAnotherOneComesInTheirPlace) {
  const std::string id =
      sets_->create(new_set(Deduplicator::kDataSetDeleteOrigin, "", DataSet::Type::kContinuous))
          ->upload_id;
  add(id, '[' + with_origin("a", "o1", 1) + ',' + with_origin("b", "o2", 2) + ']', 1000);
  EXPECT_EQ(since(0), Names());
  add(id, '[' + with_origin("c", "o1", 3) + ']', 2000);
  const Names expected = {fmt::format("{} {} smbg {}", id, id_of("a"), kNoonMs + 60'000)};
  EXPECT_EQ(since(0), expected);
  // Also after the block was written anew without them, and another time for nothing.
  add(id, '[' + smbg("d", 4) + ']', 3000);
  EXPECT_EQ(since(0), expected);
  EXPECT_TRUE(sets_->erase_all(kUser));
  EXPECT_EQ(since(0), Names());
}

TEST_F(RemovedRecordsTest, AreEnteredWithTheIdsThatWereMadeForThem) {
  const auto set = new_set(Deduplicator::kDeviceTruncateDataSet, "D1");
  const std::string first = sets_->create(set)->upload_id;
  add(first, many_smbg(5), 1000);
  EXPECT_TRUE(sets_->close(kUser, first, kUser, 1000));
  const std::string second = sets_->create(set)->upload_id;
  add(second, many_smbg(1), 2000);
  EXPECT_TRUE(sets_->close(kUser, second, kUser, 2000));
  const Names found = since(2000);
  ASSERT_EQ(found.size(), 5U);
  for (const auto& name : found) EXPECT_TRUE(name.starts_with(first + ' ')) << name;
}

}  // namespace
}  // namespace tideway::dataset

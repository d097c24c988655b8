// The windows of docs/spec/datasets.md 18, F1 to F11: each test lets the store fail, or lets
// another request in, where the reference comes to harm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "dataset/data_sets.h"
#include "dataset/keys.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {
namespace {

using Kind = StepError::Kind;
using Names = std::vector<std::string>;

constexpr auto kContinuous = DataSet::Type::kContinuous;

class Windows : public testing::Test {
 protected:
  std::string create(Deduplicator deduplicator, DataSet::Type type = DataSet::Type::kNormal) {
    return sets_->create(new_set(deduplicator, "D1", type)).value().upload_id;
  }
  Step<void> add(const std::string& id, const std::string& records, Chunk chunk = new_chunk()) {
    const SampleBatch batch('[' + records + ']');
    return sets_->add(kUser, id, batch.batch(), chunk, ++now_ms_);
  }
  Step<DataSet> close(const std::string& id) { return sets_->close(kUser, id, kUser, ++now_ms_); }
  Step<void> remove_set(const std::string& id) { return sets_->remove_set(kUser, id, ++now_ms_); }

  /// A closed set with these records.
  std::string upload(Deduplicator deduplicator, const std::string& records) {
    const std::string id = create(deduplicator);
    EXPECT_TRUE(add(id, records));
    EXPECT_TRUE(close(id));
    return id;
  }

  /// Lets something happen once, behind all checks of the next step and before its commit begins.
  void meanwhile(const std::function<void()>& happens) {
    store_.before_update = [this, happens](std::string_view partition) {
      if (partition != kUser) return;
      store_.before_update = nullptr;
      happens();
    };
  }

  /// Runs a step on a store that refuses to commit: it must fail and leave everything as it was.
  void expect_no_trace(const std::function<Kind()>& step) {
    const auto before = store_.entries(kUser);
    store_.fail_updates = true;
    EXPECT_EQ(step(), Kind::kStore);
    store_.fail_updates = false;
    EXPECT_EQ(store_.entries(kUser), before);
  }

  Names visible() { return dataset::visible(store_); }

  store::MemoryStore store_;
  std::unique_ptr<DataSets> sets_ = DataSets::open(store_).value();
  int64_t now_ms_ = kNoonMs;
};

std::string with_origin(std::string_view name, std::string_view origin_id) {
  return fmt::format(R"({{"type":"food","time":"2024-05-01T12:00:00Z","deviceId":"D1","id":"{}",)"
                     R"("origin":{{"id":"{}"}}}})",
                     id_of(name), origin_id);
}

TEST_F(Windows, F1AFailedCreationTakesNoId) {
  DataSet set = new_set(Deduplicator::kNone);
  set.upload_id = "upid_0123456789ab";
  // The entry in the directory is made, the set is not: the hook runs behind the check.
  store_.before_update = [this](std::string_view partition) {
    if (partition == store::kDirectoryPartition) store_.fail_updates = true;
  };
  EXPECT_EQ(sets_->create(set).error().kind, Kind::kStore);
  store_.before_update = nullptr;
  store_.fail_updates = false;
  EXPECT_TRUE(store_.entries(kUser).empty());
  EXPECT_EQ(sets_->find(set.upload_id).error().kind, Kind::kNotFound);
  EXPECT_TRUE(sets_->create(set));
}

TEST_F(Windows, F2NothingIsAddedBehindACloseThatCameBetween) {
  const std::string id = create(Deduplicator::kNone);
  meanwhile([&] { EXPECT_TRUE(close(id)); });
  EXPECT_EQ(add(id, smbg("a", 0)).error().kind, Kind::kClosed);
  EXPECT_EQ(sets_->find(id)->record_count, 0U);
}

TEST_F(Windows, F3AFailedCloseCanBeDoneAgain) {
  const std::string id = create(Deduplicator::kDeviceDeactivateHash);
  ASSERT_TRUE(add(id, smbg("a", 0)));
  expect_no_trace([&] { return close(id).error().kind; });
  EXPECT_TRUE(add(id, smbg("b", 1)));
  EXPECT_TRUE(close(id));
  EXPECT_EQ(visible(), (Names{"a", "b"}));
}

TEST_F(Windows, F4AReaderSeesTheOldRecordOrTheNewOne) {
  upload(Deduplicator::kDeviceDeactivateHash, smbg("a", 0));
  const std::string b = create(Deduplicator::kDeviceDeactivateHash);
  ASSERT_TRUE(add(b, smbg("b", 0)));
  const auto before = *store_.read(kUser);
  ASSERT_TRUE(close(b));
  EXPECT_EQ(dataset::visible(*before), Names{"a"});
  EXPECT_EQ(visible(), Names{"b"});
}

TEST_F(Windows, F4OfTwoSetsThatCloseAtOnceOneSupersedesTheOther) {
  const std::string a = create(Deduplicator::kDeviceDeactivateHash);
  const std::string b = create(Deduplicator::kDeviceDeactivateHash);
  ASSERT_TRUE(add(a, smbg("a", 0)));
  ASSERT_TRUE(add(b, smbg("b", 0)));
  meanwhile([&] { EXPECT_TRUE(close(b)); });
  EXPECT_TRUE(close(a));
  EXPECT_EQ(visible(), Names{"a"});
}

TEST_F(Windows, F5AFailedTruncationDestroysNothing) {
  upload(Deduplicator::kNone, smbg("a", 0));
  const std::string b = create(Deduplicator::kDeviceTruncateDataSet);
  ASSERT_TRUE(add(b, smbg("b", 1)));
  expect_no_trace([&] { return close(b).error().kind; });
  EXPECT_EQ(visible(), Names{"a"});
  EXPECT_TRUE(close(b));
  EXPECT_EQ(visible(), Names{"b"});
}

TEST_F(Windows, F6AFailedReplacementLeavesWhatWasThere) {
  const std::string id = create(Deduplicator::kDataSetDeleteOrigin, kContinuous);
  ASSERT_TRUE(add(id, with_origin("a", "1")));
  expect_no_trace([&] { return add(id, with_origin("b", "1")).error().kind; });
  EXPECT_EQ(visible(), Names{"a"});
}

TEST_F(Windows, F6OfTwoReplacementsAtOnceOneStays) {
  const std::string id = create(Deduplicator::kDataSetDeleteOrigin, kContinuous);
  ASSERT_TRUE(add(id, with_origin("a", "1")));
  meanwhile([&] { EXPECT_TRUE(add(id, with_origin("b", "1"))); });
  EXPECT_TRUE(add(id, with_origin("c", "1")));
  EXPECT_EQ(visible(), Names{"c"});
}

TEST_F(Windows, F7AFailedChunkLeavesNoneOfItsRecords) {
  const std::string id = create(Deduplicator::kNone, kContinuous);
  const std::string records = smbg("a", 0) + ',' + smbg("b", 1);
  const Chunk chunk = new_chunk();
  expect_no_trace([&] { return add(id, records, chunk).error().kind; });
  // Sent again it is stored, and sent once more, because the answer was lost, it is known.
  EXPECT_TRUE(add(id, records, chunk));
  EXPECT_TRUE(add(id, records, chunk));
  EXPECT_EQ(visible(), (Names{"a", "b"}));
}

TEST_F(Windows, F8AnIdentityThatCameBetweenIsSeen) {
  const std::string id = create(Deduplicator::kDataSetDropHash, kContinuous);
  meanwhile([&] { EXPECT_TRUE(add(id, smbg("a", 0))); });
  EXPECT_TRUE(add(id, smbg("b", 0) + ',' + smbg("c", 1)));
  EXPECT_EQ(visible(), (Names{"a", "c"}));
}

// Scenario S5 with the groups in either order: the record that B held down on its own comes back,
// the one that C holds down stays down.
TEST_F(Windows, F9NoRecordStaysSupersededByASetThatIsGone) {
  for (const bool swapped : {false, true}) {
    sets_->erase_all(kUser).value();
    const int held = swapped ? 1 : 2;
    const int free = swapped ? 2 : 1;
    const auto pair = [&](std::string_view set) {
      return smbg(fmt::format("{}{}", set, held), held) + ',' +
             smbg(fmt::format("{}{}", set, free), free);
    };
    upload(Deduplicator::kDeviceDeactivateHash, pair("a"));
    const std::string b = upload(Deduplicator::kDeviceDeactivateHash, pair("b"));
    const std::string c =
        upload(Deduplicator::kDeviceDeactivateHash, smbg(fmt::format("c{}", held), held));
    expect_no_trace([&] { return remove_set(b).error().kind; });
    EXPECT_TRUE(remove_set(b));
    EXPECT_THAT(visible(),
                testing::UnorderedElementsAre(fmt::format("a{}", free), fmt::format("c{}", held)));
    EXPECT_TRUE(remove_set(c));
    EXPECT_EQ(visible(), (Names{"a1", "a2"}));
  }
}

TEST_F(Windows, F10AFailedDeletionLeavesTheSetWithItsRecords) {
  const std::string id = upload(Deduplicator::kNone, smbg("a", 0));
  expect_no_trace([&] { return remove_set(id).error().kind; });
  EXPECT_EQ(sets_->find(id)->deleted_ms, std::nullopt);
  EXPECT_EQ(visible(), Names{"a"});
}

TEST_F(Windows, F11NothingIsAddedBehindAnErasureThatCameBetween) {
  const std::string id = create(Deduplicator::kNone, kContinuous);
  meanwhile([&] { EXPECT_TRUE(sets_->erase_all(kUser)); });
  EXPECT_EQ(add(id, smbg("a", 0)).error().kind, Kind::kNotFound);
  EXPECT_TRUE(store_.entries(kUser).empty());
}

TEST_F(Windows, F11ASetThatGetsTheIdOfAnErasedOneIsFound) {
  DataSet set = new_set(Deduplicator::kNone);
  set.upload_id = "upid_0123456789ab";
  ASSERT_TRUE(sets_->create(set));
  // The id is given again behind the erasure of its first set, before it is released …
  store_.before_update = [&](std::string_view partition) {
    if (partition != store::kDirectoryPartition) return;
    store_.before_update = nullptr;
    EXPECT_TRUE(sets_->create(set));
  };
  EXPECT_TRUE(sets_->erase_all(kUser));
  EXPECT_TRUE(sets_->find(set.upload_id));
  // … or it was claimed, and the erasure came before the set.
  meanwhile([&] { EXPECT_TRUE(sets_->erase_all(kUser)); });
  EXPECT_TRUE(sets_->create(set));
  EXPECT_TRUE(sets_->find(set.upload_id));
}

TEST_F(Windows, F11AFailedErasureLeavesEverything) {
  upload(Deduplicator::kNone, smbg("a", 0));
  expect_no_trace([&] { return sets_->erase_all(kUser).error().kind; });
  EXPECT_EQ(visible(), Names{"a"});
}

}  // namespace
}  // namespace tideway::dataset

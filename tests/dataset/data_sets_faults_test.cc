// Data sets when the store fails, or holds what it should not, and what crashes leave behind.
#include <gtest/gtest.h>

#include "dataset/data_sets.h"
#include "dataset/keys.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {
namespace {

using Kind = StepError::Kind;

class DataSetsFaults : public testing::Test {
 protected:
  store::MemoryStore store_;
  std::unique_ptr<DataSets> sets_ = DataSets::open(store_).value();
  DataSet set_ = new_set(Deduplicator::kNone);
};

TEST_F(DataSetsFaults, OpenMakesTheKeyOnce) {
  const auto directory = store_.entries(store::kDirectoryPartition);
  ASSERT_EQ(directory.size(), 1U);
  EXPECT_EQ(directory.begin()->first, kIdKeyName);
  EXPECT_EQ(directory.begin()->second.size(), 16U);
  ASSERT_TRUE(DataSets::open(store_));
  EXPECT_EQ(store_.entries(store::kDirectoryPartition), directory);
}

TEST_F(DataSetsFaults, OpenRefusesAKeyOfAWrongLength) {
  store_.put(store::kDirectoryPartition, kIdKeyName, "short");
  const auto opened = DataSets::open(store_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, store::Error::Kind::kCorruption);
}

TEST_F(DataSetsFaults, SayThatTheStoreFailed) {
  const std::string id = sets_->create(set_)->upload_id;
  const SampleBatch records('[' + smbg("a", 0) + ']');
  store_.fail_updates = true;
  EXPECT_EQ(sets_->create(set_).error().kind, Kind::kStore);
  EXPECT_EQ(sets_->add(kUser, id, records.batch(), new_chunk(), kNoonMs).error().kind,
            Kind::kStore);
  EXPECT_EQ(sets_->close(kUser, id, "", 0).error().kind, Kind::kStore);
  EXPECT_EQ(sets_->close(kUser, id, "", 0).error().store.kind, store::Error::Kind::kUnavailable);
  EXPECT_FALSE(DataSets::open(store_));
  store_.fail_reads = true;
  EXPECT_EQ(sets_->find(id).error().kind, Kind::kStore);
}

TEST_F(DataSetsFaults, SayThatASetIsCorrupt) {
  const std::string id = sets_->create(set_)->upload_id;
  store_.put(kUser, data_set_key(id), "garbage");
  EXPECT_EQ(sets_->find(id).error().store.kind, store::Error::Kind::kCorruption);
  EXPECT_EQ(sets_->close(kUser, id, "", 0).error().store.kind, store::Error::Kind::kCorruption);
}

// A crash between the entry in the directory and the set leaves an entry that points to nothing.
TEST_F(DataSetsFaults, AnEntryThatPointsToNothingIsHarmless) {
  set_.upload_id = "upid_0123456789ab";
  store_.put(store::kDirectoryPartition, directory_key(set_.upload_id), kUser);
  EXPECT_EQ(sets_->find(set_.upload_id).error().kind, Kind::kNotFound);
  DataSet other = set_;
  other.user_id = "5e4d3c2b1a";
  EXPECT_EQ(sets_->create(other).error().kind, Kind::kTaken);
  EXPECT_TRUE(sets_->create(set_));
  EXPECT_EQ(sets_->find(set_.upload_id)->user_id, kUser);
}

TEST_F(DataSetsFaults, AFailureBehindTheEntryLeavesNoSet) {
  set_.upload_id = "upid_0123456789ab";
  store_.before_update = [&](std::string_view partition) {
    if (partition == kUser) store_.fail_updates = true;
  };
  // The hook runs behind the check, so it is the next update that fails.
  EXPECT_TRUE(sets_->create(set_));
  DataSet second = set_;
  second.upload_id = "upid_ba9876543210";
  EXPECT_EQ(sets_->create(second).error().kind, Kind::kStore);
  store_.before_update = nullptr;
  store_.fail_updates = false;
  EXPECT_EQ(sets_->find(second.upload_id).error().kind, Kind::kNotFound);
  EXPECT_TRUE(sets_->create(second));
}

TEST_F(DataSetsFaults, CloseFailsWholeWhenABlockIsGone) {
  set_.deduplicator = Deduplicator::kDeviceDeactivateHash;
  const SampleBatch records('[' + smbg("a", 0) + ']');
  const std::string first = sets_->create(set_)->upload_id;
  ASSERT_TRUE(sets_->add(kUser, first, records.batch(), new_chunk(), kNoonMs));
  ASSERT_TRUE(sets_->close(kUser, first, "", kNoonMs));
  const std::string second = sets_->create(set_)->upload_id;
  // With more records than the other, so that it has to be opened.
  const SampleBatch more('[' + smbg("a", 0) + ',' + smbg("b", 1) + ']');
  ASSERT_TRUE(sets_->add(kUser, second, more.batch(), new_chunk(), kNoonMs));
  store_.put(kUser, block_key(first, 0), "garbage");
  const auto before = store_.entries(kUser);
  EXPECT_EQ(sets_->close(kUser, second, "", kNoonMs).error().kind, Kind::kStore);
  EXPECT_EQ(store_.entries(kUser), before);
}

TEST_F(DataSetsFaults, AddOfNothingToAClosedSetFailsToo) {
  const std::string id = sets_->create(set_)->upload_id;
  ASSERT_TRUE(sets_->close(kUser, id, "", kNoonMs));
  EXPECT_EQ(sets_->add(kUser, id, {}, new_chunk(), kNoonMs).error().kind, Kind::kClosed);
}

TEST(ReadOptions, FollowTheDeduplicator) {
  const struct {
    Deduplicator deduplicator;
    bool with_identity;
    bool requires_device_id;
  } rows[] = {
      {Deduplicator::kNone, false, false},
      {Deduplicator::kDeviceDeactivateHash, true, true},
      {Deduplicator::kDeviceTruncateDataSet, false, false},
      {Deduplicator::kDataSetDropHash, true, false},
  };
  for (const auto& row : rows) {
    const auto options = DataSets::read_options(new_set(row.deduplicator));
    EXPECT_EQ(options.with_identity, row.with_identity);
    EXPECT_EQ(options.requires_device_id, row.requires_device_id);
  }
}

}  // namespace
}  // namespace tideway::dataset

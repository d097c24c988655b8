// What comes back from the trash, and what supersedes what, where times and orders are awkward.
#include <gtest/gtest.h>

#include "tests/dataset/data_sets_fixture.h"

namespace tideway::dataset {
namespace {

class Restoring : public DataSetsFixture {
 protected:
};

// What came back from the trash must not stand beside what has taken its place meanwhile.
TEST_F(Restoring, RestoredRecordsGiveWayToNewerOnes) {
  const std::string id = create(Deduplicator::kDataSetDropHash, kContinuous);
  add(id, smbg("a", 0) + ',' + smbg("b", 1));
  ASSERT_TRUE(sets_->remove_set(kUser, id, now_ms_));
  add(id, smbg("aa", 0));
  ASSERT_TRUE(sets_->restore(kUser, id, now_ms_));
  EXPECT_EQ(visible(store_), (Names{"aa", "b"}));
  ASSERT_TRUE(sets_->remove_set(kUser, id, now_ms_));
  ASSERT_TRUE(sets_->restore(kUser, id, now_ms_));
  EXPECT_EQ(visible(store_), (Names{"aa", "b"}));
}

// The trash is no hiding place: who closed meanwhile supersedes, who is gone lets go.
TEST_F(Restoring, RestoredRecordsOfAContinuousSetAreSupersededAsIfTheyHadStayed) {
  const auto upload = [&](std::string_view name) {
    const std::string set = create(Deduplicator::kDeviceDeactivateHash);
    add(set, smbg(name, 0));
    EXPECT_TRUE(sets_->close(kUser, set, kUser, ++now_ms_));
    return set;
  };
  // Of another device than its records, as continuous sets may be.
  const std::string id = create(Deduplicator::kDeviceDeactivateHash, kContinuous, "D2");
  add(id, smbg("m", 0));
  ASSERT_TRUE(sets_->remove_set(kUser, id, ++now_ms_));
  const std::string b = upload("b");
  ASSERT_TRUE(sets_->restore(kUser, id, ++now_ms_));
  EXPECT_EQ(visible(store_), Names{"b"});
  ASSERT_TRUE(sets_->remove_set(kUser, id, ++now_ms_));
  ASSERT_TRUE(sets_->remove_set(kUser, b, ++now_ms_));
  ASSERT_TRUE(sets_->restore(kUser, id, ++now_ms_));
  EXPECT_EQ(visible(store_), Names{"m"});
}

// Within one tick of the clock, and with a clock that goes back.
TEST_F(Restoring, WhatIsAddedBehindACloseIsNotSupersededByIt) {
  const std::string id = create(Deduplicator::kDeviceDeactivateHash, kContinuous);
  const std::string b = create(Deduplicator::kDeviceDeactivateHash);
  const std::string c = create(Deduplicator::kDeviceDeactivateHash);
  add(b, smbg("b", 0));
  add(c, smbg("c", 0));
  const SampleBatch before('[' + smbg("m", 0) + ']');
  const SampleBatch after('[' + smbg("n", 0) + ']');
  ASSERT_TRUE(sets_->add(kUser, id, before.batch(), new_chunk(), now_ms_));
  ASSERT_TRUE(sets_->close(kUser, b, kUser, now_ms_ - 5));
  ASSERT_TRUE(sets_->add(kUser, id, after.batch(), new_chunk(), now_ms_ - 5));
  EXPECT_EQ(visible(store_), (Names{"b", "n"}));
  ASSERT_TRUE(sets_->remove_set(kUser, c, now_ms_));  // works everything out anew
  ASSERT_TRUE(sets_->restore(kUser, c, now_ms_));
  ASSERT_TRUE(sets_->remove_set(kUser, b, now_ms_));
  ASSERT_TRUE(sets_->restore(kUser, b, now_ms_));
  EXPECT_EQ(visible(store_), (Names{"b", "n"}));
}

TEST_F(Restoring, ClosingAContinuousHashSetLeavesItsOwnRecords) {
  const std::string id = create(Deduplicator::kDeviceDeactivateHash, kContinuous);
  add(id, smbg("m", 0));
  ASSERT_TRUE(sets_->close(kUser, id, "", ++now_ms_));
  EXPECT_EQ(visible(store_), Names{"m"});
}

}  // namespace
}  // namespace tideway::dataset

// What time alone does: the trash is emptied, empty sets go, keys are forgotten.
#include "dataset/sweep.h"

#include <gtest/gtest.h>

#include "dataset/keys.h"
#include "tests/dataset/data_sets_fixture.h"

namespace tideway::dataset {
namespace {

using Kind = StepError::Kind;

constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;

class Sweep : public DataSetsFixture {
 protected:
  Swept sweep_after_days(int days, const SweepLimits& limits = {}) {
    now_ms_ = kNoonMs + days * kDayMs;
    return sweep(store_, limits, now_ms_, [] { return false; }).value();
  }
};

TEST_F(Sweep, EmptyOpenSetsGoAfterAWeek) {
  const std::string empty = create(Deduplicator::kNone);
  const std::string filled = create(Deduplicator::kNone);
  add(filled, smbg("a", 0));
  const std::string continuous = create(Deduplicator::kNone, kContinuous);
  const std::string closed = create(Deduplicator::kNone);
  ASSERT_TRUE(sets_->close(kUser, closed, kUser, now_ms_));
  EXPECT_EQ(sweep_after_days(6), Swept());
  EXPECT_TRUE(sets_->find(empty));
  EXPECT_EQ(sweep_after_days(8), (Swept{.deletions = 0, .empty_sets = 1}));
  EXPECT_EQ(sets_->find(empty).error().kind, Kind::kNotFound);
  for (const auto& id : {filled, continuous, closed}) EXPECT_TRUE(sets_->find(id));
}

TEST_F(Sweep, ADeletionIsFinalAfterAMonth) {
  const std::string id = create(Deduplicator::kNone, kContinuous);
  add(id, smbg("a", 0));
  ASSERT_TRUE(sets_->remove_set(kUser, id, now_ms_));
  EXPECT_EQ(sweep_after_days(29), Swept());
  EXPECT_EQ(sweep_after_days(31), (Swept{.deletions = 1, .empty_sets = 0}));
  EXPECT_EQ(sets_->restore(kUser, id, now_ms_).error().kind, Kind::kNotDeleted);
  EXPECT_TRUE(sets_->find(id)->deleted_ms);
  EXPECT_EQ(store_.entries(kUser).size(), 2U) << "nothing but the set itself and when it was";
}

TEST_F(Sweep, WhatWasAddedBehindADeletionStays) {
  const std::string id = create(Deduplicator::kDataSetDropHash, kContinuous);
  add(id, smbg("a", 0) + ',' + smbg("b", 1));
  ASSERT_TRUE(sets_->remove_set(kUser, id, now_ms_));
  add(id, smbg("aa", 0));
  EXPECT_EQ(sweep_after_days(31).deletions, 1U);
  EXPECT_EQ(visible(store_), Names{"aa"});
  // The index still leads to what was swept; that counts for nothing.
  add(id, smbg("aaa", 0) + ',' + smbg("bb", 1));
  EXPECT_EQ(visible(store_), (Names{"aa", "bb"}));
}

TEST_F(Sweep, KeysAreForgottenAfterAWeek) {
  const DataSet set = new_set(Deduplicator::kNone, "D1", kContinuous);
  const std::string id = sets_->create(set, "key")->upload_id;
  EXPECT_EQ(sets_->create(set, "key")->upload_id, id);
  sweep_after_days(8);
  EXPECT_NE(sets_->create(set, "key")->upload_id, id);
}

TEST_F(Sweep, StopsWhenItIsTold) {
  const std::string id = create(Deduplicator::kNone);
  DataSet other = new_set(Deduplicator::kNone);
  other.user_id = "5e4d3c2b1a";
  ASSERT_TRUE(sets_->create(other));
  const auto swept = sweep(store_, {}, kNoonMs + 8 * kDayMs, [] { return true; });
  EXPECT_EQ(swept->empty_sets, 1U);
  store_.fail_updates = true;
  EXPECT_FALSE(sweep(store_, {}, kNoonMs + 8 * kDayMs, [] { return false; }));
}

TEST_F(Sweep, DamageOfOneUserHoldsUpNoOther) {
  create(Deduplicator::kNone);
  for (const std::string_view user : {"0000000000", "ffffffffff"}) {
    store_.put(user, data_set_key("0123456789abcdef0123456789abcdef"), "no data set");
  }
  const auto swept = sweep(store_, {}, kNoonMs + 8 * kDayMs, [] { return false; });
  ASSERT_FALSE(swept);
  EXPECT_EQ(swept.error().kind, store::Error::Kind::kCorruption);
  EXPECT_TRUE(store_.entries(kUser).empty());
}

TEST_F(Sweep, HasNothingToDoWithTheDirectory) {
  int updates = 0;
  store_.before_update = [&](std::string_view partition) {
    if (partition == store::kDirectoryPartition) ++updates;
  };
  sweep_after_days(1);
  EXPECT_EQ(updates, 0);
}

TEST_F(Sweep, SupersededRecordsAreDestroyedOnlyWhereThatIsAskedFor) {
  const auto upload = [&](const std::string& records) {
    const std::string id = create(Deduplicator::kDeviceDeactivateHash);
    add(id, records);
    EXPECT_TRUE(sets_->close(kUser, id, kUser, now_ms_));
    return id;
  };
  upload(smbg("a", 0) + ',' + smbg("b", 5));
  const std::string later = upload(smbg("c", 0));
  ASSERT_EQ(visible(store_), (Names{"b", "c"}));
  EXPECT_EQ(sweep_after_days(400), Swept());
  const SweepLimits limits{.superseded_kept_ms = 100 * kDayMs};
  EXPECT_EQ(sweep_after_days(99, limits), Swept());
  EXPECT_EQ(sweep_after_days(101, limits), (Swept{.superseded = 1}));
  EXPECT_EQ(sweep_after_days(102, limits), Swept());
  EXPECT_EQ(visible(store_), (Names{"b", "c"}));
  ASSERT_TRUE(sets_->remove_set(kUser, later, now_ms_));
  EXPECT_EQ(visible(store_), (Names{"b"})) << "what was destroyed does not come back";
}

}  // namespace
}  // namespace tideway::dataset

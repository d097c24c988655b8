#include "dataset/mask.h"

#include <gtest/gtest.h>

namespace tideway::dataset {
namespace {

constexpr int64_t kNoonMs = 1'714'564'800'000;

Mask sample() {
  Mask mask;
  for (const uint32_t slot : {0U, 3U, 1023U}) mask.supersede(slot, "first", kNoonMs);
  mask.supersede(1, "second", -5);
  mask.destroy(2, kNoonMs);
  mask.supersede(5, "second", 0);
  mask.reinstate(5, 7);
  mask.set_blank_count(1);
  return mask;
}

TEST(Mask, HidesNothingAtFirst) {
  const Mask mask;
  EXPECT_TRUE(mask.empty());
  EXPECT_FALSE(mask.hides(0));
  EXPECT_EQ(mask.hidden_count(), 0U);
}

TEST(Mask, HidesWhatDoesNotCount) {
  const Mask mask = sample();
  EXPECT_FALSE(mask.empty());
  for (const uint32_t slot : {0U, 1U, 2U, 3U, 1023U}) EXPECT_TRUE(mask.hides(slot)) << slot;
  for (const uint32_t slot : {4U, 5U, 1022U, 1024U}) EXPECT_FALSE(mask.hides(slot)) << slot;
  EXPECT_EQ(mask.hidden_count(), 5U);
}

TEST(Mask, KnowsWhyARecordDoesNotCount) {
  const Mask mask = sample();
  EXPECT_EQ(mask.superseded_by(0), "first");
  EXPECT_EQ(mask.superseded_by(1), "second");
  for (const uint32_t slot : {2U, 4U, 5U, 2000U}) EXPECT_EQ(mask.superseded_by(slot), "") << slot;
  EXPECT_TRUE(mask.is_gone(2));
  for (const uint32_t slot : {0U, 1U, 4U, 5U}) EXPECT_FALSE(mask.is_gone(slot)) << slot;
  EXPECT_EQ(mask.gone_count(), 1U);
}

TEST(Mask, CountsChanges) {
  Mask mask = sample();
  EXPECT_EQ(mask.changes(0), 1U);
  EXPECT_EQ(mask.changes(4), 0U);
  EXPECT_EQ(mask.changes(5), 2U);
  mask.supersede(0, "second", kNoonMs);  // handed over
  EXPECT_EQ(mask.changes(0), 2U);
  EXPECT_EQ(mask.superseded_by(0), "second");
}

TEST(Mask, ReadsWhatItWrote) {
  const Mask mask = sample();
  const auto read = Mask::decode(mask.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->encode(), mask.encode());
  EXPECT_EQ(read->blank_count(), 1U);
  for (uint32_t slot = 0; slot < 1024; ++slot) {
    ASSERT_EQ(read->hides(slot), mask.hides(slot)) << slot;
    ASSERT_EQ(read->is_gone(slot), mask.is_gone(slot)) << slot;
    ASSERT_EQ(read->superseded_by(slot), mask.superseded_by(slot)) << slot;
    ASSERT_EQ(read->changes(slot), mask.changes(slot)) << slot;
  }
}

TEST(Mask, OfADroppedBlockHidesEverything) {
  Mask mask = sample();
  mask.drop();
  const auto read = Mask::decode(mask.encode());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_dropped());
  EXPECT_FALSE(read->empty());
  for (const uint32_t slot : {0U, 4U, 1023U}) {
    EXPECT_TRUE(read->hides(slot));
    EXPECT_TRUE(read->is_gone(slot));
  }
}

TEST(Mask, RoundTripsWhenEmpty) {
  const auto read = Mask::decode(Mask().encode());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

TEST(Mask, RefusesEveryTruncationAndMore) {
  const std::string bytes = sample().encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto read = Mask::decode(bytes.substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().kind, store::Error::Kind::kCorruption);
  }
  EXPECT_FALSE(Mask::decode(bytes + '\0'));
}

TEST(Mask, SupersedesAllThatCount) {
  Mask mask = sample();
  mask.supersede_all(7, "third", kNoonMs);
  for (const uint32_t slot : {4U, 5U, 6U}) EXPECT_EQ(mask.superseded_by(slot), "third") << slot;
  EXPECT_EQ(mask.changes(5), 3U);
  EXPECT_EQ(mask.superseded_by(0), "first");
  EXPECT_TRUE(mask.is_gone(2));
  EXPECT_FALSE(mask.hides(7));
  mask.drop();
  mask.supersede_all(7, "third", kNoonMs);
  EXPECT_EQ(mask.superseded_by(4), "");
}

TEST(Mask, IsSmallWhenAllHaveTheSameLot) {
  Mask mask;
  for (uint32_t slot = 0; slot < 1000; ++slot) mask.supersede(slot, "first", kNoonMs);
  EXPECT_LT(mask.encode().size(), 30U);
}

TEST(Mask, RefusesAnotherVersion) {
  std::string bytes = sample().encode();
  for (const char version : {2, 4}) {
    bytes[0] = version;
    EXPECT_FALSE(Mask::decode(bytes));
  }
}

TEST(Mask, RefusesSlotsThatNoBlockHas) {
  Mask mask;
  mask.destroy(1023, 0);
  std::string bytes = mask.encode();
  ASSERT_TRUE(Mask::decode(bytes));
  bytes.replace(bytes.size() - 3, 3, "\x80\x08\x01");  // 1024
  EXPECT_FALSE(Mask::decode(bytes));
  bytes.replace(bytes.size() - 3, 3, "\xff\x07\x02");  // 1023 and 1024
  EXPECT_FALSE(Mask::decode(bytes));
}

}  // namespace
}  // namespace tideway::dataset

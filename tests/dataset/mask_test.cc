#include "dataset/mask.h"

#include <gtest/gtest.h>

namespace tideway::dataset {
namespace {

Mask sample() {
  Mask mask;
  mask.archive("first", 1'714'564'800'000, {0, 3, 1023});
  mask.archive("second", -5, {1});
  mask.archive("third", 0, {});
  return mask;
}

TEST(Mask, HidesNothingAtFirst) {
  const Mask mask;
  EXPECT_TRUE(mask.empty());
  EXPECT_FALSE(mask.hides(0));
}

TEST(Mask, HidesTheSlotsOfEveryGroup) {
  const Mask mask = sample();
  EXPECT_FALSE(mask.empty());
  for (const uint32_t slot : {0U, 1U, 3U, 1023U}) EXPECT_TRUE(mask.hides(slot)) << slot;
  for (const uint32_t slot : {2U, 4U, 1022U, 1024U}) EXPECT_FALSE(mask.hides(slot)) << slot;
}

TEST(Mask, KeepsWhoHidAndWhen) {
  const auto read = Mask::decode(sample().encode());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->groups().size(), 3U);
  EXPECT_EQ(read->groups()[0].by_upload_id, "first");
  EXPECT_EQ(read->groups()[0].time_ms, 1'714'564'800'000);
  EXPECT_EQ(read->groups()[0].slots, (std::vector<uint32_t>{0, 3, 1023}));
  EXPECT_EQ(read->groups()[1].by_upload_id, "second");
  EXPECT_EQ(read->groups()[1].time_ms, -5);
  EXPECT_EQ(read->groups()[1].slots, (std::vector<uint32_t>{1}));
  EXPECT_TRUE(read->groups()[2].slots.empty());
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

TEST(Mask, RefusesAnotherVersion) {
  std::string bytes = sample().encode();
  bytes[0] = 2;
  EXPECT_FALSE(Mask::decode(bytes));
}

// A count that promises more than there is must end the reading, not the memory.
TEST(Mask, RefusesAbsurdCounts) {
  const std::string huge = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  EXPECT_FALSE(Mask::decode("\x01" + huge));
  EXPECT_FALSE(Mask::decode(std::string("\x01\x01\x00\x00", 4) + huge));
}

}  // namespace
}  // namespace tideway::dataset

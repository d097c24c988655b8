#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace tideway {
namespace {

constexpr std::string_view kHex32 = "0123456789abcdef0123456789abcdef";

TEST(Hex, GoesBothWays) {
  Bytes16 bytes{};
  ASSERT_TRUE(from_hex("000102030405060708090a0b0c0d0eff", bytes));
  EXPECT_EQ(bytes[1], 1);
  EXPECT_EQ(bytes[10], 10);
  EXPECT_EQ(bytes[15], 255);
  EXPECT_EQ(to_hex(bytes), "000102030405060708090a0b0c0d0eff");
}

TEST(Hex, RefusesOtherForms) {
  Bytes16 bytes{};
  const std::string_view bad[] = {"",
                                  "00",
                                  "0123456789ABCDEF0123456789ABCDEF",
                                  "g123456789abcdef0123456789abcdef",
                                  "0123456789abcdef0123456789abcde",
                                  "0123456789abcdef0123456789abcdef0",
                                  " 123456789abcdef0123456789abcdef"};
  for (const auto text : bad) EXPECT_FALSE(from_hex(text, bytes)) << text;
}

TEST(RandomIds, HaveTheirForms) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(is_data_id(random_id()));
    EXPECT_TRUE(is_data_set_id(random_id()));
    const std::string user_id = random_user_id();
    EXPECT_EQ(user_id.size(), 10U);
    EXPECT_TRUE(is_user_id(user_id));
    const std::string uuid = random_uuid();
    EXPECT_TRUE(is_user_id(uuid));
    EXPECT_EQ(uuid[14], '4') << uuid;
    EXPECT_NE(std::string_view("89ab").find(uuid[19]), std::string_view::npos) << uuid;
  }
}

TEST(RandomIds, Differ) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(random_id());
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(RandomIds, DifferWhenManyAreMadeAtOnce) {
  RandomIds first;
  RandomIds second;
  std::set<std::string> ids;
  for (int i = 0; i < 500; ++i) {
    for (RandomIds* const maker : {&first, &second}) {
      const std::string id = maker->next();
      EXPECT_TRUE(is_data_id(id)) << id;
      ids.insert(id);
    }
  }
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_NE(random_bytes16(), random_bytes16());
  EXPECT_NE(random_user_id(), random_user_id());
  EXPECT_NE(random_uuid(), random_uuid());
}

TEST(IsDataId, Takes32DigitsAndLowerCaseLetters) {
  EXPECT_TRUE(is_data_id(kHex32));
  EXPECT_TRUE(is_data_id("gqs019de02qkk9qem1h3ac2b2m19qtfm"));
  const std::string_view bad[] = {"",
                                  "0123456789abcdef0123456789abcde",
                                  "0123456789abcdef0123456789abcdef0",
                                  "0123456789ABCDEF0123456789abcdef",
                                  "0123456789abcdef-123456789abcdef",
                                  "0123456789abcdef0123456789abcd\xc3\xa9"};
  for (const auto id : bad) EXPECT_FALSE(is_data_id(id)) << id;
}

TEST(IsDataSetId, TakesThreeForms) {
  EXPECT_TRUE(is_data_set_id(kHex32));
  EXPECT_TRUE(is_data_set_id("upid_0123456789ab"));
  EXPECT_TRUE(is_data_set_id("upid_0123456789abcdef0123456789abcdef"));
  const std::string_view bad[] = {"",
                                  "upid_",
                                  "upid_0123456789a",
                                  "upid_0123456789abc",
                                  "upid_0123456789aB",
                                  "UPID_0123456789ab",
                                  "0123456789ab",
                                  "g123456789abcdef0123456789abcdef",
                                  "upid_upid_0123456789ab",
                                  "upid_0123456789abcdef0123456789abcdefa"};
  for (const auto id : bad) EXPECT_FALSE(is_data_set_id(id)) << id;
}

TEST(IsUserId, TakesShortOnesAndUuids) {
  EXPECT_TRUE(is_user_id("1a2b3c4d5e"));
  EXPECT_TRUE(is_user_id("0a1b2c3d-0000-4000-8000-0123456789ab"));
  EXPECT_TRUE(is_user_id("0A1B2C3D-0000-4000-8000-0123456789aB"));
  const std::string_view bad[] = {"",
                                  "1a2b3c4d5",
                                  "1a2b3c4d5ef",
                                  "1A2B3C4D5E",
                                  "1a2b3c4d5g",
                                  "0a1b2c3d00004000800000123456789ab",
                                  "0a1b2c3d-0000-4000-8000-0123456789a",
                                  "0a1b2c3d-0000-4000-8000-0123456789abc",
                                  "0a1b2c3d-0000-4000-8000_0123456789ab",
                                  "0a1b2c3-d0000-4000-8000-0123456789ab",
                                  "0a1b2c3d-0000-4000-8000-0123456789ag",
                                  "#directory"};
  for (const auto id : bad) EXPECT_FALSE(is_user_id(id)) << id;
}

}  // namespace
}  // namespace tideway

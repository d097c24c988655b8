#include "dataset/keys.h"

#include <gtest/gtest.h>

#include <string>

namespace tideway::dataset {
namespace {

using namespace std::string_literals;

TEST(Keys, HaveTheFormsOfTheirHeader) {
  EXPECT_EQ(data_set_key("abc"), "S\x03"s + "abc");
  EXPECT_EQ(summary_prefix("abc"), "b\x03"s + "abc");
  EXPECT_EQ(summary_key("abc", 258), "b\x03"s + "abc" + "\0\0\x01\x02"s);
  EXPECT_EQ(block_key("abc", 0), "B\x03"s + "abc" + "\0\0\0\0"s);
  EXPECT_EQ(piece_key("abc", 1, 258), "B\x03"s + "abc" + "\0\0\0\x01\0\0\x01\x02"s);
  EXPECT_EQ(mask_key("abc", 0xffffffff), "M\x03"s + "abc" + "\xff\xff\xff\xff");
  EXPECT_EQ(directory_key("abc"), "s\x03"s + "abc");
  EXPECT_EQ(data_set_key(std::string(31, '0') + "7"), "S\xff"s + std::string(15, '\0') + "\x07");
}

TEST(Keys, OfASetBeginWithItsPrefix) {
  EXPECT_TRUE(summary_key("abc", 7).starts_with(summary_prefix("abc")));
  EXPECT_TRUE(summary_key("abc", 7).starts_with(kSummaryPrefix));
  EXPECT_TRUE(data_set_key("abc").starts_with(kDataSetPrefix));
  // An id that begins with another one has its own keys.
  EXPECT_FALSE(summary_key("abcd", 7).starts_with(summary_prefix("abc")));
}

TEST(Keys, OfASetSortByNumber) {
  EXPECT_LT(summary_key("abc", 1), summary_key("abc", 2));
  EXPECT_LT(summary_key("abc", 255), summary_key("abc", 256));
  EXPECT_LT(summary_key("abc", 0x7fffffff), summary_key("abc", 0x80000000));
}

TEST(ParseSummaryKey, ReadsWhatWasWritten) {
  for (const std::string& id : {"upid_0123456789ab"s, std::string(32, 'f'), std::string(32, 'F'),
                                "0123456789abcdef0123456789abcdef"s, ""s}) {
    for (const uint32_t number : {0U, 1U, 65536U, 0xffffffffU}) {
      const BlockName name = parse_summary_key(summary_key(id, number));
      EXPECT_EQ(name.upload_id, id);
      EXPECT_EQ(name.number, number);
    }
  }
}

}  // namespace
}  // namespace tideway::dataset

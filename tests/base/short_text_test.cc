#include "base/short_text.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tideway {
namespace {

// Every size around those at which the way of comparing changes, with one byte other at each place.
TEST(SameText, SeesEachByte) {
  for (size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'a');
    EXPECT_TRUE(same_text(text, std::string(size, 'a'))) << size;
    for (size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      EXPECT_FALSE(same_text(text, other)) << size << ' ' << at;
    }
  }
}

TEST(SameText, SeesTheSize) {
  EXPECT_FALSE(same_text("", "a"));
  EXPECT_FALSE(same_text("aaa", "aaaa"));
  EXPECT_FALSE(same_text("aaaaaaaa", "aaaaaaaaa"));
}

TEST(IsOneOf, LooksAtAll) {
  const std::array<std::string_view, 3> texts = {"mmol/L", "mg/dL", "mg/dl"};
  EXPECT_TRUE(is_one_of(texts, "mmol/L"));
  EXPECT_TRUE(is_one_of(texts, "mg/dl"));
  EXPECT_FALSE(is_one_of(texts, "mg/DL"));
  EXPECT_FALSE(is_one_of(std::array<std::string_view, 0>(), ""));
}

TEST(ShortHash, DependsOnTextAlone) {
  const std::string one = "xdeviceIdx";
  EXPECT_EQ(short_hash("deviceId"), short_hash(std::string_view(one).substr(1, 8)));
  EXPECT_NE(short_hash("deviceId"), short_hash("deviceTime"));
  EXPECT_NE(short_hash("trendRate"), short_hash("trendRateUnits"));
  EXPECT_NE(short_hash(""), short_hash("a"));
}

}  // namespace
}  // namespace tideway

// Numbers of up to five decimals take a short cut when they are printed. It is held here against
// the general way: the shortest text that reads back, as std::to_chars finds it.
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "base/number.h"

namespace tideway {
namespace {

/// The shortest digits without an exponent, which to_chars' fixed form gives below 2^53.
std::string shortest(double value) {
  std::array<char, 400> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

void expect_shortest(double value) {
  std::string json;
  append_json_number(json, value);
  ASSERT_EQ(json, shortest(value));
  ASSERT_EQ(plain_number(value), shortest(value));
}

TEST(ShortDecimal, EveryGlucoseValuePrintsItsDigits) {
  for (int hundred_thousandths = 1; hundred_thousandths <= 5'500'000; hundred_thousandths += 7) {
    expect_shortest(hundred_thousandths / 1e5);
  }
}

// Neighbours of a short decimal are no short decimals: taking them for one would lose the
// difference.
TEST(ShortDecimal, NeighboursKeepAllTheirDigits) {
  std::mt19937 random(421);
  std::uniform_int_distribution<int> values(1, 100'000'000);
  for (int i = 0; i < 20'000; ++i) {
    const double value = values(random) / 1e5;
    expect_shortest(std::nextafter(value, 0));
    expect_shortest(std::nextafter(value, 1e9));
    expect_shortest(-value);
  }
}

TEST(ShortDecimal, EndsWhereFifteenDigitsEnd) {
  for (const double value : {999'999'999.99999, 999'999'999.99998, 1'000'000'000.00001,
                             1'000'000'000.5, 123'456'789'012.34567, 1e9, 1e9 - 0.5}) {
    expect_shortest(value);
    expect_shortest(-value);
  }
}

TEST(ShortDecimal, SmallNumbersAreLeftToTheGeneralWay) {
  EXPECT_EQ(plain_number(0.00001), "0.00001");
  EXPECT_EQ(plain_number(0.000004), "0.000004");
  EXPECT_EQ(plain_number(0.000006), "0.000006");
  EXPECT_EQ(plain_number(0.00001000001), "0.00001000001");
  EXPECT_EQ(plain_number(-0.0), "-0");
  EXPECT_EQ(plain_number(std::numeric_limits<double>::denorm_min()).size(), 2U + 324U);
}

TEST(ShortDecimal, LeavesNoZerosAtTheEnd) {
  EXPECT_EQ(plain_number(7.10496), "7.10496");
  EXPECT_EQ(plain_number(7.1), "7.1");
  EXPECT_EQ(plain_number(7.01), "7.01");
  EXPECT_EQ(plain_number(-0.05), "-0.05");
  EXPECT_EQ(plain_number(100.00001), "100.00001");
}

}  // namespace
}  // namespace tideway

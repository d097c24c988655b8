#include "base/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace tideway {
namespace {

std::string json_number(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

struct Row {
  double value;
  const char* text;
};

// docs/spec/datatypes-common.md 7.3
TEST(JsonNumber, PrintsTheTableOfTheSpec) {
  const Row rows[] = {
      {0.0, "0"},
      {-0.0, "-0"},
      {120.0, "120"},
      {1e20, "100000000000000000000"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {0.000001, "0.000001"},
      {9.99e-7, "9.99e-7"},
      {1e-7, "1e-7"},
      {5e-324, "5e-324"},
  };
  for (const Row& row : rows) EXPECT_EQ(json_number(row.value), row.text);
}

TEST(JsonNumber, PrintsFractions) {
  const Row rows[] = {
      {5.5, "5.5"},
      {-5.5, "-5.5"},
      {0.5, "0.5"},
      {6.6609, "6.6609"},
      {0.1, "0.1"},
      {1.0 / 3, "0.3333333333333333"},
      {123456.789, "123456.789"},
      {5.550747991045533, "5.550747991045533"},
      {-92233720368547.75808, "-92233720368547.77"},
  };
  for (const Row& row : rows) EXPECT_EQ(json_number(row.value), row.text);
}

TEST(JsonNumber, ChangesToAnExponentAtTheSamePlacesAsGo) {
  const Row rows[] = {
      {std::nextafter(1e21, 0), "999999999999999900000"},
      {-1e21, "-1e+21"},
      {1.5e21, "1.5e+21"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {std::nextafter(1e-6, 0), "9.999999999999997e-7"},
      {-1e-7, "-1e-7"},
      {1.25e-10, "1.25e-10"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
  };
  for (const Row& row : rows) EXPECT_EQ(json_number(row.value), row.text);
}

// Up to 1e15 whole numbers take a short cut; both sides of its end must read the same.
TEST(JsonNumber, PrintsWholeNumbersOfAnySize) {
  const Row rows[] = {
      {1, "1"},
      {-1, "-1"},
      {999999999999999, "999999999999999"},
      {1e15, "1000000000000000"},
      {-1e15, "-1000000000000000"},
      {9007199254740991, "9007199254740991"},
      {9007199254740993.0, "9007199254740992"},
      {18446744073709551616.0, "18446744073709552000"},
  };
  for (const Row& row : rows) EXPECT_EQ(json_number(row.value), row.text);
}

TEST(JsonNumber, Appends) {
  std::string out = "[";
  append_json_number(out, 1);
  append_json_number(out, -0.5);
  EXPECT_EQ(out, "[1-0.5");
}

TEST(PlainNumber, NeverHasAnExponent) {
  const Row rows[] = {
      {0, "0"},
      {-0.0, "-0"},
      {1000, "1000"},
      {55.1, "55.1"},
      {1e-7, "0.0000001"},
      {-1.25e-7, "-0.000000125"},
      {1e21, "1000000000000000000000"},
      {1.5e22, "15000000000000000000000"},
      {3280839.8950131233, "3280839.8950131233"},
  };
  for (const Row& row : rows) EXPECT_EQ(plain_number(row.value), row.text);
  EXPECT_EQ(plain_number(1e300), "1" + std::string(300, '0'));
  EXPECT_EQ(plain_number(5e-324), "0." + std::string(323, '0') + "5");
}

/// A random finite double of any size.
double random_double(std::mt19937_64& random) {
  while (true) {
    const auto value = std::bit_cast<double>(random());
    if (std::isfinite(value)) return value;
  }
}

TEST(Number, RandomDoublesReadBackToTheSameBits) {
  std::mt19937_64 random(20240312);
  for (int i = 0; i < 20'000; ++i) {
    const double value = random_double(random);
    for (const std::string& text : {json_number(value), plain_number(value)}) {
      ASSERT_EQ(std::bit_cast<uint64_t>(std::strtod(text.c_str(), nullptr)),
                std::bit_cast<uint64_t>(value))
          << text;
    }
  }
}

TEST(Number, ValuesOfEverydaySizeReadBackToo) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> values(-1000, 1000);
  for (int i = 0; i < 20'000; ++i) {
    const double value = values(random);
    ASSERT_EQ(std::strtod(json_number(value).c_str(), nullptr), value);
    // Five decimals are what converted glucose has: no more digits than needed may come out.
    const double rounded = std::round(value * 1e5) / 1e5;
    ASSERT_LE(json_number(rounded).size(), 10U) << json_number(rounded);
  }
}

TEST(Integer, Appends) {
  std::string out;
  append_integer(out, std::numeric_limits<int64_t>::min());
  out += ' ';
  append_integer(out, std::numeric_limits<int64_t>::max());
  out += ' ';
  append_integer(out, 0);
  EXPECT_EQ(out, "-9223372036854775808 9223372036854775807 0");
}

TEST(IsIntegral, LooksAtTheFractionOnly) {
  for (const double whole : {0.0, -0.0, 60.0, -7.0, 6e1, 1e300, 9007199254740993.0}) {
    EXPECT_TRUE(is_integral(whole)) << whole;
  }
  for (const double broken : {60.5, -0.1, 1e-300, 4503599627370495.5}) {
    EXPECT_FALSE(is_integral(broken)) << broken;
  }
}

TEST(ToInt64, ConvertsWhatFits) {
  EXPECT_EQ(to_int64(0), 0);
  EXPECT_EQ(to_int64(-1), -1);
  EXPECT_EQ(to_int64(2.9), 2);
  EXPECT_EQ(to_int64(-2.9), -2);
  EXPECT_EQ(to_int64(9007199254740992), 9007199254740992);
  EXPECT_EQ(to_int64(-9223372036854775808.0), INT64_MIN);
  EXPECT_EQ(to_int64(std::nextafter(9223372036854775808.0, 0)), 9223372036854774784);
}

TEST(ToInt64, GivesTheSmallestOutsideTheRange) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double outside : {9223372036854775808.0, 1e19, 1e300, -1e19, kInfinity, -kInfinity,
                               std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(to_int64(outside), INT64_MIN) << outside;
  }
}

}  // namespace
}  // namespace tideway

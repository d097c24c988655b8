#include "record/glucose.h"

#include <gtest/gtest.h>

#include <bit>

#include "base/number.h"
#include "tests/record/reading.h"

namespace tideway::record {
namespace {

// The table of docs/spec/datatypes-common.md 5.1, bit for bit.
TEST(ToMmolPerL, GivesTheTableOfTheSpec) {
  const struct {
    double mg_per_dl;
    const char* printed;
    uint64_t bits;
  } rows[] = {
      {0, "0", 0x0000000000000000},           {1, "0.05551", 0x3FAC6BCE8533B107},
      {20, "1.11015", 0x3FF1C32CA57A786C},    {39, "2.16479", 0x4001517D6B65A9A8},
      {40, "2.2203", 0x4001C32CA57A786C},     {54, "2.9974", 0x4007FAACD9E83E42},
      {55, "3.05291", 0x40086C5C13FD0D06},    {69, "3.83002", 0x400EA3E186983516},
      {70, "3.88552", 0x400F158B827FA1A1},    {80, "4.4406", 0x4011C32CA57A786C},
      {100, "5.55075", 0x401633F7CED91687},   {119, "6.60539", 0x401A6BEB5B2D4D40},
      {119.5, "6.63314", 0x401A8855DA272863}, {120, "6.6609", 0x401AA4C2F837B4A2},
      {126, "6.99394", 0x401BF9CB6848BEB6},   {140, "7.77105", 0x401F158E219652BD},
      {180, "9.99135", 0x4023FB923A29C77A},   {180.5, "10.0191", 0x402409C779A6B50B},
      {200, "11.1015", 0x402633F7CED91687},   {250, "13.87687", 0x402BC0F51AC9AFE2},
      {300, "16.65224", 0x4030A6F9335D249E},  {400, "22.20299", 0x403633F727136A40},
      {401, "22.2585", 0x4036422D0E560419},   {500, "27.75374", 0x403BC0F51AC9AFE2},
      {600, "33.30449", 0x4040A6F9873FFAC2},  {1000, "55.50748", 0x404BC0F51AC9AFE2},
      {1.5, "0.08326", 0x3FB550870110A138},   {-1, "-0.05551", 0xBFAC6BCE8533B107},
      {-2.2, "-0.12212", 0xBFBF43419E300150}, {-100, "-5.55075", 0xC01633F7CED91687},
  };
  for (const auto& row : rows) {
    const double value = to_mmol_per_l(row.mg_per_dl);
    EXPECT_EQ(std::bit_cast<uint64_t>(value), row.bits) << row.mg_per_dl;
    EXPECT_EQ(plain_number(value), row.printed);
  }
}

TEST(ToMmolPerL, MakesPlusZeroOfTinyNegatives) {
  EXPECT_EQ(std::bit_cast<uint64_t>(to_mmol_per_l(-1e-9)), 0U);
  EXPECT_EQ(std::bit_cast<uint64_t>(to_mmol_per_l(-0.0)), 0U);
}

TEST(ToMmolPerL, OverflowsAsX86Does) {
  EXPECT_EQ(to_mmol_per_l(1e300), -92233720368547.75808);
  EXPECT_EQ(to_mmol_per_l(-1e300), -92233720368547.75808);
}

TEST(GlucoseUnits, AreKnownInTheirSpellings) {
  EXPECT_EQ(glucose_units(), (std::vector<std::string_view>{"mmol/L", "mmol/l", "mg/dL", "mg/dl"}));
  EXPECT_EQ(glucose_rate_units(), (std::vector<std::string_view>{"mmol/L/minute", "mg/dL/minute"}));
  for (const auto units : glucose_units()) EXPECT_TRUE(is_glucose_units(units));
  for (const auto units : {"", "mg", "MG/DL", "mmol/L/minute"})
    EXPECT_FALSE(is_glucose_units(units));
  EXPECT_TRUE(is_glucose_rate_units("mg/dL/minute"));
  EXPECT_FALSE(is_glucose_rate_units("mg/dl/minute"));
  EXPECT_TRUE(is_mg_per_dl("mg/dL"));
  EXPECT_TRUE(is_mg_per_dl("mg/dl"));
  EXPECT_FALSE(is_mg_per_dl("mmol/L"));
}

TEST(GlucoseRanges, GoWithTheUnits) {
  for (const UnitRange& range : glucose_ranges()) {
    EXPECT_EQ(range.low, 0);
    EXPECT_EQ(range.high, range.units.starts_with("mmol") ? 55 : 1000) << range.units;
  }
  EXPECT_EQ(glucose_ranges().size(), 4U);
  for (const UnitRange& range : glucose_rate_ranges()) {
    EXPECT_EQ(range.high, range.units.starts_with("mmol") ? 5.5 : 100) << range.units;
    EXPECT_EQ(range.low, -range.high);
  }
}

/// The errors of a wizard's bgTarget, with pointers below it.
Lines target_errors(const std::string& target, const std::string& units = "mmol/L") {
  Lines found = errors_of(R"([{"type":"wizard","time":"2024-03-12T13:05:00Z","units":")" + units +
                          R"(","bgTarget":)" + target + "}]");
  const std::string prefix = "/0/bgTarget/";
  std::erase_if(found, [&](const std::string& line) { return !line.starts_with(prefix); });
  for (std::string& line : found) line.erase(0, prefix.size());
  return found;
}

const std::string kExists = "value exists";
const std::string kNotExists = "value does not exist";

// docs/spec/datatypes-common.md 5.6: the first matching row decides.
TEST(Target, MayBeOneOfFiveShapes) {
  for (const char* const good : {
           R"({"target":6})",
           R"({"target":6,"range":1})",
           R"({"target":6,"high":8})",
           R"({"low":4,"high":8})",
           R"({"target":0})",
           R"({"target":55})",
           R"({"target":6.6,"range":6.6})",
           R"({"target":50,"range":5})",
           R"({"target":6,"high":6})",
           R"({"low":4,"high":4})",
           R"({"low":0,"high":55})",
           "null",
       }) {
    EXPECT_EQ(target_errors(good), Lines()) << good;
  }
}

TEST(Target, ForbidsWhatDoesNotGoWithItsShape) {
  EXPECT_EQ(target_errors(R"({"target":6,"range":1,"high":8,"low":4})"),
            (Lines{"high " + kExists, "low " + kExists}));
  EXPECT_EQ(target_errors(R"({"target":6,"range":1,"high":8})"), (Lines{"high " + kExists}));
  EXPECT_EQ(target_errors(R"({"target":6,"high":8,"low":4})"), (Lines{"low " + kExists}));
  EXPECT_EQ(target_errors(R"({"target":6,"low":4})"), (Lines{"low " + kExists}));
  EXPECT_EQ(target_errors(R"({"low":4,"high":8,"range":1})"), (Lines{"range " + kExists}));
}

TEST(Target, AsksForTheOtherHalf) {
  EXPECT_EQ(target_errors(R"({"low":4})"), (Lines{"high " + kNotExists}));
  EXPECT_EQ(target_errors(R"({"low":4,"range":1})"), (Lines{"high " + kNotExists}));
  EXPECT_EQ(target_errors(R"({"low":400})"), (Lines{"high " + kNotExists}));
  for (const char* const text :
       {"{}", R"({"high":8})", R"({"range":1})", R"({"high":8,"range":1})", R"({"high":800})"}) {
    EXPECT_EQ(target_errors(text), (Lines{"target " + kNotExists})) << text;
  }
}

TEST(Target, ChecksRanges) {
  const struct {
    const char* target;
    Lines errors;
  } rows[] = {
      {R"({"target":55.1})", {"target value 55.1 is not between 0 and 55"}},
      {R"({"target":-0.1})", {"target value -0.1 is not between 0 and 55"}},
      {R"({"target":6.6,"range":6.7})", {"range value 6.7 is not between 0 and 6.6"}},
      {R"({"target":50,"range":5.1})", {"range value 5.1 is not between 0 and 5"}},
      {R"({"target":6,"range":-1})", {"range value -1 is not between 0 and 6"}},
      {R"({"target":6,"high":5.9})", {"high value 5.9 is not between 6 and 55"}},
      {R"({"target":6,"high":55.1})", {"high value 55.1 is not between 6 and 55"}},
      {R"({"low":4,"high":3.9})", {"high value 3.9 is not between 4 and 55"}},
      {R"({"low":-1,"high":8})", {"low value -1 is not between 0 and 55"}},
      // The upper limit of a range comes from a subtraction of doubles.
      {R"({"target":54.9,"range":1})", {"range value 1 is not between 0 and 0.10000000000000142"}},
  };
  for (const auto& row : rows) EXPECT_EQ(target_errors(row.target), row.errors) << row.target;
}

TEST(Target, ChecksNothingAgainstAnAnchorThatIsItselfOutOfRange) {
  EXPECT_EQ(target_errors(R"({"target":56,"range":100})"),
            (Lines{"target value 56 is not between 0 and 55"}));
  EXPECT_EQ(target_errors(R"({"target":56,"high":1})"),
            (Lines{"target value 56 is not between 0 and 55"}));
  EXPECT_EQ(target_errors(R"({"low":56,"high":1})"),
            (Lines{"low value 56 is not between 0 and 55"}));
}

TEST(Target, KnowsTheRangeOfMgPerDl) {
  EXPECT_EQ(target_errors(R"({"target":900,"range":101})", "mg/dL"),
            (Lines{"range value 101 is not between 0 and 100"}));
  EXPECT_EQ(target_errors(R"({"low":80,"high":1001})", "mg/dl"),
            (Lines{"high value 1001 is not between 80 and 1000"}));
}

TEST(Target, ChecksNoRangeWithoutKnownUnits) {
  EXPECT_EQ(target_errors(R"({"target":-5000,"range":99999})", "furlong"), Lines());
  EXPECT_EQ(target_errors(R"({"low":5000,"high":1})", "furlong"), Lines());
  EXPECT_EQ(target_errors(R"({"low":5000})", "furlong"), (Lines{"high " + kNotExists}));
}

TEST(Target, IsConverted) {
  const Lines texts =
      texts_of(R"([{"type":"wizard","units":"mg/dL","bgTarget":{"target":85,"high":145},)"
               R"("time":"2024-03-12T13:05:00Z"}])");
  EXPECT_EQ(texts, (Lines{R"("bgTarget":{"high":8.04858,"target":4.71814},)"
                          R"("time":"2024-03-12T13:05:00Z","type":"wizard","units":"mmol/L",)"}));
}

}  // namespace
}  // namespace tideway::record

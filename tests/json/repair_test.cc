#include "json/repair.h"

#include <gtest/gtest.h>

namespace tideway::json {
namespace {

std::string repaired(std::string_view text) {
  std::string out = "left over from before";
  repair(text, out);
  EXPECT_GE(out.capacity(), out.size() + simdjson::SIMDJSON_PADDING);
  return out;
}

struct Row {
  std::string text;
  std::string repaired;
};

TEST(Repair, ReplacesEachBadByteInAString) {
  const Row rows[] = {
      {"\"\xff\"", "\"\ufffd\""},           {"\"a\x80z\"", "\"a\ufffdz\""},
      {"\"\xe2\x82\"", "\"\ufffd\ufffd\""}, {"\"\xed\xa0\x80\"", "\"\ufffd\ufffd\ufffd\""},
      {"\"é😀\xc3\"", "\"é😀\ufffd\""},
  };
  for (const Row& row : rows) EXPECT_EQ(repaired(row.text), row.repaired);
}

TEST(Repair, RewritesLoneSurrogates) {
  const Row rows[] = {
      {R"("\ud800")", R"("\ufffd")"},
      {R"("\udc00")", R"("\ufffd")"},
      {R"("\ud800\udc00")", R"("\ud800\udc00")"},
      {R"("\ud800\u0041")", R"("\ufffd\u0041")"},
      {R"("\ud800\ud800\udc00")", R"("\ufffd\ud800\udc00")"},
      {R"("\\ud800")", R"("\\ud800")"},
      {R"("\"\ud800\"")", R"("\"\ufffd\"")"},
      {R"("\u00e9\n\\")", R"("\u00e9\n\\")"},
  };
  for (const Row& row : rows) EXPECT_EQ(repaired(row.text), row.repaired) << row.text;
}

TEST(Repair, MakesDoublesOfIntegersThatMayNotFit) {
  const Row rows[] = {
      {"9223372036854775808", "9223372036854775808e0"},
      {"-99999999999999999999", "-99999999999999999999e0"},
      {"123456789012345678", "123456789012345678"},
      {"99999999999999999999.5", "99999999999999999999.5"},
      {"99999999999999999999e1", "99999999999999999999e1"},
      {"99999999999999999999E-1", "99999999999999999999E-1"},
      {"[18446744073709551616,1]", "[18446744073709551616e0,1]"},
  };
  for (const Row& row : rows) EXPECT_EQ(repaired(row.text), row.repaired) << row.text;
}

TEST(Repair, KeepsTheSignOfZero) {
  const Row rows[] = {
      {"-0", "-0e0"},   {"[-0,-0]", "[-0e0,-0e0]"}, {"{\"a\":-0}", "{\"a\":-0e0}"},
      {"-0.0", "-0.0"}, {"-0e1", "-0e1"},           {"-1", "-1"},
      {"0", "0"},
  };
  for (const Row& row : rows) EXPECT_EQ(repaired(row.text), row.repaired) << row.text;
}

TEST(Repair, LeavesNumbersInsideStringsAlone) {
  const std::string text = R"({"99999999999999999999":"-0 99999999999999999999","d":"2024-01-01"})";
  EXPECT_EQ(repaired(text), text);
}

TEST(Repair, LeavesMalformedTextMalformed) {
  const std::string texts[] = {"",
                               "[",
                               "\"",
                               "\"\\",
                               "\"\\u",
                               "\"\\ud8",
                               "\"\\ud800",
                               "\"\xff",
                               "-",
                               "1.2.3",
                               "nope",
                               "[\"a\" \"b\"",
                               "\"\\ud800\\",
                               "\"\\ud800\\u",
                               "\"\\ud800\\udc0"};
  simdjson::dom::parser parser;
  for (const std::string& text : texts) {
    EXPECT_NE(parser.parse(repaired(text)).error(), simdjson::SUCCESS) << text;
  }
}

TEST(NeedsRepair, SeesNegativeZeros) {
  for (const auto text : {"-0", "[-0]", "[-0,1]", "{\"a\":-0}", "-0 ", "-0\n"}) {
    EXPECT_TRUE(needs_repair(text)) << text;
  }
  for (const auto text : {"", "-", "0", "-0.5", "-0e1", "-0E1", "-1", "-10", "\"2024-01-05\"",
                          "\"2024-01-01T00:00:00-07:00\""}) {
    EXPECT_FALSE(needs_repair(text)) << text;
  }
}

// Long texts are looked at in pieces: in none, and across no border, is one missed or imagined.
TEST(NeedsRepair, SeesNegativeZerosEverywhere) {
  for (size_t size = 3; size < 140; ++size) {
    const std::string dates = std::string(size, '-') + "2024-03-02";
    EXPECT_FALSE(needs_repair(dates)) << size;
    for (size_t at = 0; at + 3 <= size; ++at) {
      std::string text(size, ' ');
      text.replace(at, 3, "-0,");
      EXPECT_TRUE(needs_repair(text)) << size << ' ' << at;
      text.replace(at, 3, "-05");
      EXPECT_FALSE(needs_repair(text)) << size << ' ' << at;
    }
  }
}

TEST(NeedsRepair, SeesEscapesOfSurrogates) {
  for (const auto text : {R"("\ud800")", R"("\uD83D")", R"("\udfff")", R"("x\\\ud800")"}) {
    EXPECT_TRUE(needs_repair(text)) << text;
  }
  for (const auto text :
       {R"("\u00e9")", R"("\\ud800")", R"("ud800")", "\"\\", "\"\\u", R"("\n")"}) {
    EXPECT_FALSE(needs_repair(text)) << text;
  }
}

TEST(IsRepairable, IsForTheErrorsThatRepairCanRemove) {
  simdjson::dom::parser parser;
  const auto error = [&](std::string_view text) { return parser.parse(std::string(text)).error(); };
  EXPECT_TRUE(is_repairable(error("99999999999999999999")));
  EXPECT_TRUE(is_repairable(error("\"\xff\"")));
  EXPECT_TRUE(is_repairable(error(R"("\ud800")")));
  EXPECT_FALSE(is_repairable(error("[")));
  EXPECT_FALSE(is_repairable(error("")));
  EXPECT_FALSE(is_repairable(simdjson::DEPTH_ERROR));
  EXPECT_FALSE(is_repairable(simdjson::SUCCESS));
}

}  // namespace
}  // namespace tideway::json

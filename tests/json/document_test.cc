#include "json/document.h"

#include <gtest/gtest.h>

#include <cmath>

#include "json/canonical.h"

namespace tideway::json {
namespace {

/// The canonical text of a document, or "malformed".
std::string canonical(const std::string& text) {
  Parser parser;
  const auto root = parser.parse(text);
  if (!root) return "malformed";
  std::string out;
  append_canonical(out, *root);
  return out;
}

struct Row {
  std::string text;
  std::string read;
};

TEST(Parser, ReadsEveryKindOfDocument) {
  const Row rows[] = {
      {"null", "null"},
      {"true", "true"},
      {"false", "false"},
      {"0", "0"},
      {"-12.50", "-12.5"},
      {"\"a\"", "\"a\""},
      {"[]", "[]"},
      {"{}", "{}"},
      {" \t\r\n[1, 2]\n", "[1,2]"},
      {R"({"a":[{"b":null}]})", R"({"a":[{"b":null}]})"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.read);
}

// docs/spec/http.md 5.1: strict RFC 8259.
TEST(Parser, RefusesWhatIsNotJson) {
  const std::string bad[] = {
      "",        " ",         "\n",          "{",
      "[",       "[1",        "[1,]",        "[,1]",
      "{\"a\"}", "{\"a\":}",  "{\"a\":1,}",  "{a:1}",
      "{1:1}",   "[1 2]",     "nul",         "nulll",
      "True",    "NaN",       "Infinity",    "+1",
      "01",      "-01",       "-",           ".5",
      "5.",      "1e",        "1e+",         "0x10",
      "1.2.3",   "--1",       "'a'",         "\"a",
      "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\t\"",
      "\"\n\"",  "\"\x01\"",  "1 2",         "[] []",
      "{}x",     "// x\n1",   "/* x */ 1",   "\xef\xbb\xbf[]",
  };
  for (const std::string& text : bad) EXPECT_EQ(canonical(text), "malformed") << text;
}

TEST(Parser, ReadsNumbersAsDoubles) {
  const Row rows[] = {
      {"-0", "-0"},
      {"[-0]", "[-0]"},
      {"-0.0", "-0"},
      {"-0e5", "-0"},
      {"1e400", "malformed"},
      {"-1e400", "malformed"},
      {"1e-400", "0"},
      {"9007199254740993", "9007199254740992"},
      {"9223372036854775808", "9223372036854776000"},
      {"18446744073709551615", "18446744073709552000"},
      {"18446744073709551616", "18446744073709552000"},
      {"-9223372036854775809", "-9223372036854776000"},
      {"[100000000000000000000000, -100000000000000000000000]", "[1e+23,-1e+23]"},
      {"0.1", "0.1"},
      {"1E5", "100000"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.read) << row.text;
}

TEST(Parser, ReadsAVeryLongInteger) {
  EXPECT_EQ(canonical(std::string(300, '9')), "1e+300");
  EXPECT_EQ(canonical("-" + std::string(300, '9')), "-1e+300");
  EXPECT_EQ(canonical(std::string(400, '9')), "malformed");
}

TEST(Parser, ReplacesInvalidUtf8) {
  const Row rows[] = {
      {"\"a\xff\"", "\"a\ufffd\""},
      {"\"\xc3\"", "\"\ufffd\""},
      {"\"\xe2\x82\"", "\"\ufffd\ufffd\""},
      {"\"\xed\xa0\x80\"", "\"\ufffd\ufffd\ufffd\""},
      {"{\"k\xff\":1}", "{\"k\ufffd\":1}"},
      {"\"\xc3\xa9\"", "\"é\""},
      {"[\xff]", "malformed"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.read);
}

TEST(Parser, ReplacesLoneSurrogates) {
  const Row rows[] = {
      {R"("\ud83d\ude00")", "\"😀\""},
      {R"("\ud83d")", "\"\ufffd\""},
      {R"("\ude00")", "\"\ufffd\""},
      {R"("\ud83dx")", "\"\ufffdx\""},
      {R"("\ud83d\n")", "\"\ufffd\\n\""},
      {R"("\ud83d\ud83d\ude00")", "\"\ufffd😀\""},
      {R"("\ude00\ud83d")", "\"\ufffd\ufffd\""},
      {R"("\uD83D\uDE00")", "\"😀\""},
      {R"("\\ud83d")", R"("\\ud83d")"},
      {R"("\\\ud83d")", "\"\\\\\ufffd\""},
      {R"({"\udfff":0})", "{\"\ufffd\":0}"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.read) << row.text;
}

std::string nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Parser, ReadsNestingUpToTheLimit) {
  // EXPECT_TRUE, since a failure should not print ten thousand brackets.
  EXPECT_TRUE(canonical(nested(kNestingDepthMax)) == nested(kNestingDepthMax));
  EXPECT_EQ(canonical(nested(kNestingDepthMax + 1)), "malformed");
}

TEST(Parser, CountsLevelsWhateverIsInside) {
  const auto arrays = [](size_t depth, const std::string& inside) {
    return std::string(depth, '[') + inside + std::string(depth, ']');
  };
  for (const std::string inside : {"0", "\"[[[\\\"[[[\"", "null"}) {
    EXPECT_TRUE(canonical(arrays(kNestingDepthMax, inside)) == arrays(kNestingDepthMax, inside));
    EXPECT_EQ(canonical(arrays(kNestingDepthMax + 1, inside)), "malformed");
  }
  EXPECT_NE(canonical(arrays(kNestingDepthMax - 1, "[],[],{}")), "malformed");
  EXPECT_EQ(canonical(arrays(kNestingDepthMax, "[]")), "malformed");
  EXPECT_EQ(canonical(arrays(kNestingDepthMax, "0]")), "malformed");
}

TEST(Parser, CountsObjectsAsNestingToo) {
  const auto objects = [](size_t depth) {
    std::string text;
    for (size_t i = 0; i < depth; ++i) text += "{\"a\":";
    return text + "0" + std::string(depth, '}');
  };
  EXPECT_TRUE(canonical(objects(kNestingDepthMax)) == objects(kNestingDepthMax));
  EXPECT_EQ(canonical(objects(kNestingDepthMax + 1)), "malformed");
}

TEST(Parser, RepairsDeepDocumentsToo) {
  const std::string open(kNestingDepthMax, '[');
  const std::string close(kNestingDepthMax, ']');
  EXPECT_TRUE(canonical(open + "-0" + close) == open + "-0" + close);
  EXPECT_TRUE(canonical(open + "\"\xff\"" + close) == open + "\"\ufffd\"" + close);
}

TEST(Parser, CanBeUsedAgain) {
  Parser parser;
  const std::string big = "[" + std::string(100'000, ' ') + "1]";
  for (const std::string& text :
       {std::string("[1]"), big, std::string("[\"\xff\"]"), std::string("[1e400]"),
        nested(kNestingDepthMax), std::string("[1]")}) {
    Parser fresh;
    EXPECT_EQ(parser.parse(text).has_value(), fresh.parse(text).has_value());
  }
  const auto root = parser.parse("{\"a\":1}");
  ASSERT_TRUE(root);
  EXPECT_TRUE(root->is_object());
}

TEST(Parser, NeedsNoSpareCapacity) {
  std::string text = "[\"x\"]";
  text.shrink_to_fit();
  EXPECT_EQ(canonical(text), text);
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  EXPECT_EQ(canonical(text), text);
}

TEST(Number, GivesADoubleForEachKindOfInteger) {
  Parser parser;
  const auto root = parser.parse("[7, -7, 18446744073709551615, 0.5, -0]");
  ASSERT_TRUE(root);
  std::vector<double> numbers;
  for (const Element item : root->get_array()) {
    EXPECT_TRUE(is_number(item));
    numbers.push_back(number(item));
  }
  EXPECT_EQ(numbers, (std::vector<double>{7, -7, 18446744073709551615.0, 0.5, 0}));
  EXPECT_TRUE(std::signbit(numbers.back()));
}

TEST(IsNumber, IsFalseForAllElse) {
  Parser parser;
  const auto root = parser.parse(R"(["1", true, null, [], {}])");
  ASSERT_TRUE(root);
  for (const Element item : root->get_array()) EXPECT_FALSE(is_number(item));
}

TEST(Size, CountsBeyondWhatSimdjsonCan) {
  Parser parser;
  const size_t many = 0xffffff + 10;
  std::string text = "[0";
  for (size_t i = 1; i < many; ++i) text += ",0";
  const auto root = parser.parse(text + "]");
  ASSERT_TRUE(root);
  EXPECT_EQ(size(root->get_array().value()), many);
  EXPECT_EQ(size(parser.parse("[]")->get_array().value()), 0U);
  EXPECT_EQ(size(parser.parse("[[1,2],3]")->get_array().value()), 2U);
}

}  // namespace
}  // namespace tideway::json

#include "base/text.h"

#include <gtest/gtest.h>

#include <vector>

namespace tideway {
namespace {

using namespace std::string_literals;

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

struct Row {
  std::string text;
  std::string printed;
};

// docs/spec/datatypes-common.md 7.2
TEST(JsonString, EscapesTheTableOfTheSpec) {
  const Row rows[] = {
      {"", R"("")"},
      {"abc", R"("abc")"},
      {"a\"b", R"("a\"b")"},
      {"a\\b", R"("a\\b")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"\x01\x1f\v"s, R"("\u0001\u001f\u000b")"},
      {"a\0b"s, R"("a\u0000b")"},
      {"<a href='x'>&", R"("\u003ca href='x'\u003e\u0026")"},
      {"\u2028\u2029", R"("\u2028\u2029")"},
      {"/'+\x7f", "\"/'+\x7f\""},
      {"é 日本 😀", "\"é 日本 😀\""},
  };
  for (const Row& row : rows) EXPECT_EQ(json_string(row.text), row.printed);
}

TEST(JsonString, EscapesOnlyTheTwoSeparatorsAmongTheirNeighbours) {
  EXPECT_EQ(json_string("\u2027\u2028\u202a"), "\"\u2027\\u2028\u202a\"");
  EXPECT_EQ(json_string("\u2013 \u20ac"), "\"\u2013 \u20ac\"");
  // Cut off in the middle: nothing beyond the end may be looked at.
  EXPECT_EQ(json_string("x\xe2\x80"), "\"x\xe2\x80\"");
  EXPECT_EQ(json_string("x\xe2"), "\"x\xe2\"");
}

TEST(JsonString, Appends) {
  std::string out = "{";
  append_json_string(out, "k");
  append_json_string(out, "<");
  EXPECT_EQ(out, R"({"k""\u003c")");
}

// docs/spec/datatypes-common.md 1.5
TEST(Quoted, FollowsGo) {
  const Row rows[] = {
      {"", R"("")"},
      {"a b", R"("a b")"},
      {"a\"b", R"("a\"b")"},
      {"a\\b", R"("a\\b")"},
      {"'<>&/", R"("'<>&/")"},
      {"\a\b\f\n\r\t\v", R"("\a\b\f\n\r\t\v")"},
      {"\0\x01\x1b\x1f"s, R"("\x00\x01\x1b\x1f")"},
      {"\x7f", R"("\x7f")"},
      {"é日😀", "\"é日😀\""},
      {"e\u0301", "\"e\u0301\""},  // a mark
      {"€½№", "\"€½№\""},          // symbols and numbers
      {"\u0085", R"("\u0085")"},   // controls beyond ASCII
      {"\u00a0", R"("\u00a0")"},   // a space other than the ASCII one
      {"\u200b\u2028\ufeff", R"("\u200b\u2028\ufeff")"},
      {"\ue000", R"("\ue000")"},          // private use
      {"\u0378", R"("\u0378")"},          // unassigned
      {"\U000e0001", R"("\U000e0001")"},  // beyond 16 bits: eight digits
      {"\U0010ffff", R"("\U0010ffff")"},
  };
  for (const Row& row : rows) EXPECT_EQ(tideway::quoted(row.text), row.printed);
}

TEST(Quoted, KeepsTheReplacementCharacter) { EXPECT_EQ(quoted("\ufffd"), "\"\ufffd\""); }

TEST(CodePointCount, CountsCodePointsNotBytes) {
  EXPECT_EQ(code_point_count(""), 0U);
  EXPECT_EQ(code_point_count("abc"), 3U);
  EXPECT_EQ(code_point_count("é"), 1U);
  EXPECT_EQ(code_point_count("e\u0301"), 2U);
  EXPECT_EQ(code_point_count("日本😀"), 3U);
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  for (size_t at = 0; at < text.size();) points.push_back(next_code_point(text, at));
  return points;
}

TEST(NextCodePoint, ReadsEveryLength) {
  EXPECT_EQ(code_points("a\u00e9\u65e5\U0001f600"),
            (std::vector<char32_t>{U'a', 0xe9, 0x65e5, 0x1f600}));
  EXPECT_EQ(code_points("\u0080\u07ff\u0800\uffff\U00010000\U0010ffff"),
            (std::vector<char32_t>{0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff}));
  EXPECT_EQ(code_points("\ud7ff\ue000"), (std::vector<char32_t>{0xd7ff, 0xe000}));
}

TEST(NextCodePoint, ReplacesEachBadByteOfASequence) {
  const struct {
    std::string_view text;
    size_t replaced;  ///< how many bytes are bad; an 'x' follows
  } rows[] = {
      {"\x80x", 1},              // a tail without a head
      {"\xffx", 1},              // never valid
      {"\xc3x", 1},              // cut off by another character
      {"\xe2\x82x", 2},          //
      {"\xf0\x9f\x98x", 3},      //
      {"\xc0\x80x", 2},          // too long for what it means
      {"\xc1\xbfx", 2},          //
      {"\xe0\x80\x80x", 3},      //
      {"\xf0\x80\x80\x80x", 4},  //
      {"\xed\xa0\x80x", 3},      // a surrogate
      {"\xed\xbf\xbfx", 3},      //
      {"\xf4\x90\x80\x80x", 4},  // beyond the last
      {"\xf5\x80\x80\x80x", 4},  //
  };
  for (const auto& row : rows) {
    std::vector<char32_t> expected(row.replaced, 0xfffd);
    expected.push_back(U'x');
    EXPECT_EQ(code_points(row.text), expected) << testing::PrintToString(std::string(row.text));
  }
}

TEST(NextCodePoint, StopsAtTheEnd) {
  EXPECT_EQ(code_points("\xe2\x82"), (std::vector<char32_t>{0xfffd, 0xfffd}));
  EXPECT_EQ(code_points("\xf0"), (std::vector<char32_t>{0xfffd}));
  // The bytes behind the view would complete the character.
  EXPECT_EQ(code_points(std::string_view("\xe2\x82\xac", 2)),
            (std::vector<char32_t>{0xfffd, 0xfffd}));
}

TEST(AppendUtf8, WritesWhatNextCodePointReads) {
  for (char32_t c = 0; c <= 0x10ffff; c += c < 0x900 ? 1 : 251) {
    if (c >= 0xd800 && c < 0xe000) continue;
    std::string out;
    append_utf8(out, c);
    size_t at = 0;
    ASSERT_EQ(next_code_point(out, at), c);
    ASSERT_EQ(at, out.size());
  }
}

TEST(AppendUtf8, WritesTheShortestForm) {
  const struct {
    char32_t code_point;
    std::string_view bytes;
  } rows[] = {{0x7f, "\x7f"},
              {0x80, "\xc2\x80"},
              {0x7ff, "\xdf\xbf"},
              {0x800, "\xe0\xa0\x80"},
              {0xffff, "\xef\xbf\xbf"},
              {0x10000, "\xf0\x90\x80\x80"},
              {0x10ffff, "\xf4\x8f\xbf\xbf"}};
  for (const auto& row : rows) {
    std::string out;
    append_utf8(out, row.code_point);
    EXPECT_EQ(out, row.bytes);
  }
}

}  // namespace
}  // namespace tideway

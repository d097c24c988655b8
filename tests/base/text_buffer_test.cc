#include "base/text_buffer.h"

#include <gtest/gtest.h>

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"

namespace tideway {
namespace {

TEST(TextBuffer, Grows) {
  TextBuffer buffer;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    const std::string piece(static_cast<size_t>(i % 100), static_cast<char>('a' + i % 26));
    buffer.append(piece);
    buffer.append('|');
    expected += piece + '|';
  }
  EXPECT_EQ(buffer.view(), expected);
  buffer.clear();
  EXPECT_EQ(buffer.size(), 0U);
  buffer.append("again");
  EXPECT_EQ(buffer.view(), "again");
}

TEST(TextBuffer, CountsWhatIsCommitted) {
  TextBuffer buffer;
  char* const at = buffer.room(100);
  at[0] = 'x';
  at[1] = 'y';
  buffer.commit(at + 1);
  EXPECT_EQ(buffer.view(), "x");
}

TEST(TextBuffer, AppendsNoPadding) {
  const std::string padded = "short" + std::string(TextBuffer::kPaddingBytes, '*');
  const std::string large(100, 'x');
  TextBuffer buffer;
  buffer.append_padded(std::string_view(padded).substr(0, 5));
  buffer.append_padded(large);
  buffer.append_padded(std::string_view(padded).substr(0, 5));
  EXPECT_EQ(buffer.view(), "short" + large + "short");
}

std::string buffered(auto append, auto value) {
  TextBuffer buffer;
  append(buffer, value);
  return std::string(buffer.view());
}

std::string appended(auto append, auto value) {
  std::string text;
  append(text, value);
  return text;
}

TEST(TextBuffer, TakesNumbersAsAStringDoes) {
  for (const double value : {0.0, -0.0, 1.0, -17.0, 0.1, -7.10496, 123456789.12345, 0.1 + 0.2, 1e-7,
                             1e15, 1e20, 1e21, -1e300, 5e-324, 999999999.99999}) {
    const auto json = [](auto& out, double number) { append_json_number(out, number); };
    const auto plain = [](auto& out, double number) { append_plain_number(out, number); };
    EXPECT_EQ(buffered(json, value), appended(json, value));
    EXPECT_EQ(buffered(plain, value), appended(plain, value));
  }
  const auto integer = [](auto& out, int64_t number) { append_integer(out, number); };
  for (const int64_t value : {int64_t{0}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(buffered(integer, value), std::to_string(value));
  }
}

// Every size around those at which the way of looking changes, with an escape at each place.
TEST(TextBuffer, TakesStringsAsAStringDoes) {
  const auto string = [](auto& out, std::string_view text) { append_json_string(out, text); };
  for (size_t size = 0; size < 70; ++size) {
    const std::string text(size, 'a');
    EXPECT_EQ(buffered(string, text), '"' + text + '"');
    for (size_t at = 0; at < size; ++at) {
      for (const char c : std::string("\"\\<>&\x01\x1f")) {
        std::string other = text;
        other[at] = c;
        EXPECT_EQ(buffered(string, other), appended(string, other));
        EXPECT_GT(buffered(string, other).size(), size + 2) << size << ' ' << at << ' ' << c;
      }
    }
  }
}

TEST(AppendAsRead, CopiesTheUsualForm) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"2025-03-02T08:03:11Z", "2025-03-02T08:03:11Z"},
      {"2025-03-02T08:03:11.005Z", "2025-03-02T08:03:11.005Z"},
      {"2025-03-02T08:03:11.120Z", "2025-03-02T08:03:11.12Z"},
      {"2025-03-02T08:03:11.000Z", "2025-03-02T08:03:11Z"}};
  for (const auto& [read, printed] : cases) {
    TextBuffer buffer;
    EXPECT_TRUE(append_as_read(buffer, read));
    EXPECT_EQ(buffer.view(), printed);
    const auto time = parse_instant(read);
    EXPECT_EQ(format_time(*time), printed);
    EXPECT_EQ(format_utc_milliseconds(time->milliseconds()), printed);
  }
}

TEST(AppendAsRead, LeavesOtherForms) {
  for (const std::string_view text :
       {"", "Z", "2025-03-02T8:03:11Z", "2025-03-02T8:03:11.1234Z", "2025-03-02T8:03:11.1Z",
        "2025-03-02T08:03:11,005Z", "2025-03-02T08:03:11.05Z", "2025-03-02T08:03:11.0051Z",
        "2025-03-02T08:03:11+00:00", "2025-03-02T08:03:11"}) {
    TextBuffer buffer;
    EXPECT_FALSE(append_as_read(buffer, text)) << text;
    EXPECT_EQ(buffer.size(), 0U);
  }
}

}  // namespace
}  // namespace tideway

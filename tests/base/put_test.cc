// What is written through a pointer is what append_…() writes, or nothing.
#include "base/put.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"

namespace tideway {
namespace {

template <class Put>
std::string written(Put put, size_t room) {
  std::string buffer(room, '#');
  const char* const end = put(buffer.data());
  if (end == nullptr) return "nothing";
  return buffer.substr(0, static_cast<size_t>(end - buffer.data()));
}

TEST(Put, Integers) {
  std::vector<int64_t> values = {std::numeric_limits<int64_t>::min(),
                                 std::numeric_limits<int64_t>::max()};
  for (int64_t value = -1100; value <= 1100; ++value) values.push_back(value);
  for (int64_t value = 1; value < 1'000'000'000'000'000'000; value *= 10) {
    values.insert(values.end(), {value - 1, value, -value, 1 - value});
  }
  for (const int64_t value : values) {
    EXPECT_EQ(written([&](char* at) { return put_integer(at, value); }, kPutNumberBytesMax),
              std::to_string(value));
  }
}

TEST(Put, Numbers) {
  std::mt19937_64 random(20261125);
  size_t count = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto digits = static_cast<double>(random() % 10'000'000);
    const double value = (i % 2 == 0 ? 1 : -1) * digits / std::array{1., 10., 1e3, 1e5, 1e7}[i % 5];
    const std::string text =
        written([&](char* at) { return put_json_number(at, value); }, kPutNumberBytesMax);
    if (text == "nothing") continue;
    ++count;
    std::string json;
    append_json_number(json, value);
    EXPECT_EQ(text, json);
    EXPECT_EQ(text, plain_number(value));
    EXPECT_EQ(std::stod(text), value);
  }
  EXPECT_GT(count, 12'000u);
}

TEST(Put, Strings) {
  for (size_t size = 0; size < 150; ++size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    const auto put = [&](char* at) { return put_json_string(at, text); };
    EXPECT_EQ(written(put, size + 2), '"' + text + '"');
    // Whatever has to be escaped is found wherever it stands.
    for (size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\', '<', '>', '&', '\n', '\x1f'}) {
        const char before = std::exchange(text[at], c);
        EXPECT_EQ(written(put, size + 2), "nothing") << size << ' ' << at;
        text[at] = before;
      }
    }
  }
}

TEST(Put, TimesAsRead) {
  for (const std::string_view text :
       {"2024-03-12T13:05:00Z", "2024-03-12T13:05:00.120Z", "2024-03-12T13:05:00.000Z",
        "2024-03-12T13:05:00.5Z", "2024-03-12T13:05:00+00:00", "2024-03-12T3:05:00Z"}) {
    TextBuffer buffer;
    const bool appended = append_as_read(buffer, text);
    EXPECT_EQ(written([&](char* at) { return put_as_read(at, text); }, kPutTimeBytesMax),
              appended ? buffer.view() : "nothing");
  }
}

}  // namespace
}  // namespace tideway

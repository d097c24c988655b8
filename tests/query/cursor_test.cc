#include "query/cursor.h"

#include <gtest/gtest.h>

namespace tideway::query {
namespace {

const store::IdCipher kCipher(Bytes16{1, 2, 3});
const Position kPosition{.type = "cbg",
                         .rank = {.time_ms = -5,
                                  .created_ms = 1'714'564'800'000,
                                  .created_order = 7,
                                  .number = 3'000'000'000,
                                  .slot = 1023}};

Filter some_filter() {
  Filter filter;
  filter.types = {"cbg", "smbg"};
  filter.carelink = true;
  return filter;
}

std::string some_cursor() { return write_cursor(kPosition, "u", some_filter(), kCipher); }

TEST(Cursor, ComesBack) {
  EXPECT_EQ(read_cursor(some_cursor(), "u", some_filter(), kCipher), kPosition);
  EXPECT_EQ(read_cursor(write_cursor({}, "", {}, kCipher), "", {}, kCipher), Position());
}

TEST(Cursor, NeedsNoEscapingInAnAddress) {
  EXPECT_EQ(some_cursor().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                            "0123456789-_"),
            std::string::npos);
}

TEST(Cursor, TellsEveryChange) {
  const std::string cursor = some_cursor();
  for (size_t i = 0; i < cursor.size(); ++i) {
    for (const char c : {'A', 'B', 'b', '9', '-', '=', '\0'}) {
      std::string changed = cursor;
      changed[i] = c;
      if (changed == cursor) continue;
      EXPECT_EQ(read_cursor(changed, "u", some_filter(), kCipher), std::nullopt) << i << c;
    }
    EXPECT_EQ(read_cursor(cursor.substr(0, i), "u", some_filter(), kCipher), std::nullopt);
  }
  EXPECT_EQ(read_cursor(cursor + 'A', "u", some_filter(), kCipher), std::nullopt);
  EXPECT_EQ(read_cursor(std::string(5000, 'A'), "u", some_filter(), kCipher), std::nullopt);
}

TEST(Cursor, IsOfOneUserOneFilterOneStore) {
  const std::string cursor = some_cursor();
  EXPECT_EQ(read_cursor(cursor, "v", some_filter(), kCipher), std::nullopt);
  EXPECT_EQ(read_cursor(cursor, "u", some_filter(), store::IdCipher(Bytes16{})), std::nullopt);
  const auto differs = [&](auto change) {
    Filter filter = some_filter();
    change(filter);
    EXPECT_EQ(read_cursor(cursor, "u", filter, kCipher), std::nullopt);
  };
  differs([](Filter& filter) { filter.types = {"cbg"}; });
  differs([](Filter& filter) { filter.types = {"cbgs", "mbg"}; });
  differs([](Filter& filter) { filter.sub_types = {"x"}; });
  differs([](Filter& filter) { filter.start_ms = 0; });
  differs([](Filter& filter) { filter.end_ms = 0; });
  differs([](Filter& filter) { filter.upload_id = "x"; });
  differs([](Filter& filter) { filter.device_id = "x"; });
  differs([](Filter& filter) { filter.dosing_decision_reasons = {"x"}; });
  differs([](Filter& filter) { filter.sample_interval_min_ms = 1; });
  differs([](Filter& filter) { filter.carelink = false; });
  differs([](Filter& filter) { filter.carelink.reset(); });
  differs([](Filter& filter) { filter.medtronic = true; });
  differs([](Filter& filter) { filter.cbg_filter = false; });
}

TEST(Cursor, FitsPagesOfAnySize) {
  Filter filter = some_filter();
  filter.limit = 5;
  EXPECT_EQ(read_cursor(some_cursor(), "u", filter, kCipher), kPosition);
}

}  // namespace
}  // namespace tideway::query

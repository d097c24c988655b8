#include "base/time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace tideway {
namespace {

/// What an instant prints as, or "error".
std::string reprint(std::string_view text) {
  const auto time = parse_instant(text);
  return time ? format_time(*time) : "error";
}

struct Row {
  const char* input;
  const char* printed;
};

// The table of docs/spec/datatypes-common.md 4.1.
TEST(ParseInstant, ReadsTheTableOfTheSpec) {
  const Row rows[] = {
      {"2024-03-10T08:05:00.120Z", "2024-03-10T08:05:00.12Z"},
      {"2024-03-10T8:05:00Z", "2024-03-10T08:05:00Z"},
      {"2024-03-10T08:05:00,5Z", "2024-03-10T08:05:00.5Z"},
      {"2024-03-10T08:05:00-00:00", "2024-03-10T08:05:00Z"},
      {"2024-03-10T08:05:00.1234567891234Z", "2024-03-10T08:05:00.123456789Z"},
      {"2024-03-10T08:05:00+24:00", "2024-03-10T08:05:00+24:00"},
      {"2024-03-10T08:05:00+05:60", "2024-03-10T08:05:00+06:00"},
      {"2024-03-10T08:05:00+25:00", "error"},
      {"2024-03-10T08:05:00+05:61", "error"},
      {"2024-03-10T08:05:00", "error"},
      {"2024-02-30T08:05:00Z", "error"},
      {"2024-3-10T08:05:00Z", "error"},
      {"2024-03-10T08:05Z", "error"},
      {"", "error"},
  };
  for (const Row& row : rows) EXPECT_EQ(reprint(row.input), row.printed) << row.input;
}

TEST(ParseInstant, KeepsTheOffset) {
  const Row rows[] = {
      {"2024-03-12T09:05:00.250-04:00", "2024-03-12T09:05:00.25-04:00"},
      {"2024-03-12T09:05:00+05:30", "2024-03-12T09:05:00+05:30"},
      {"2024-03-12T09:05:00+00:00", "2024-03-12T09:05:00Z"},
      {"2024-03-12T09:05:00-24:60", "2024-03-12T09:05:00-25:00"},
      {"2024-03-12T09:05:00-00:30", "2024-03-12T09:05:00-00:30"},
  };
  for (const Row& row : rows) EXPECT_EQ(reprint(row.input), row.printed) << row.input;
}

TEST(ParseInstant, RefusesEverythingElse) {
  const char* const bad[] = {
      "-2024-03-10T08:05:00Z",       // negative years
      "+2024-03-10T08:05:00Z",       //
      "02024-03-10T08:05:00Z",       // five digits
      "224-03-10T08:05:00Z",         //
      "2024-00-10T08:05:00Z",        // month and day
      "2024-13-10T08:05:00Z",        //
      "2024-03-00T08:05:00Z",        //
      "2024-03-32T08:05:00Z",        //
      "2024-04-31T08:05:00Z",        //
      "2024-03-1T08:05:00Z",         //
      "2024-03-10 08:05:00Z",        // separator
      "2024-03-10t08:05:00Z",        //
      "2024/03/10T08:05:00Z",        //
      "2024-03-10T24:00:00Z",        // clock
      "2024-03-10T08:60:00Z",        //
      "2024-03-10T08:05:60Z",        //
      "2024-03-10T08:5:00Z",         //
      "2024-03-10T08:05:0Z",         //
      "2024-03-10T:05:00Z",          //
      "2024-03-10T008:05:00Z",       //
      "2024-03-10T08:05:00.Z",       // fraction
      "2024-03-10T08:05:00,Z",       //
      "2024-03-10T08:05:00.5.5Z",    //
      "2024-03-10T08:05:00.-5Z",     //
      "2024-03-10T08:05:00z",        // zone
      "2024-03-10T08:05:00+0500",    //
      "2024-03-10T08:05:00+05",      //
      "2024-03-10T08:05:00+5:00",    //
      "2024-03-10T08:05:00 05:00",   //
      "2024-03-10T08:05:00+05:0",    //
      "2024-03-10T08:05:00ZZ",       // around
      " 2024-03-10T08:05:00Z",       //
      "2024-03-10T08:05:00Z ",       //
      "2024-03-10T08:05:00Z+01:00",  //
      "2024-03-10",                  //
      "yesterday",                   //
      "1710057900",                  //
  };
  for (const char* const text : bad) EXPECT_EQ(reprint(text), "error") << text;
}

TEST(ParseInstant, KnowsLeapYears) {
  const Row rows[] = {
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
      {"0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"},
      {"2023-02-29T00:00:00Z", "error"},
      {"1900-02-29T00:00:00Z", "error"},
      {"2100-02-29T00:00:00Z", "error"},
      {"2024-02-30T00:00:00Z", "error"},
  };
  for (const Row& row : rows) EXPECT_EQ(reprint(row.input), row.printed) << row.input;
}

TEST(ParseInstant, GivesSecondsOfUtc) {
  struct Instant {
    const char* text;
    int64_t seconds;
  };
  const Instant instants[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T01:00:00+01:00", 0},
      {"1969-12-31T19:00:00-05:00", 0},
      {"1969-12-31T23:59:59Z", -1},
      {"2024-03-12T13:05:00Z", 1710248700},
      {"2024-03-12T09:05:00-04:00", 1710248700},
      {"0001-01-01T00:00:00Z", -62135596800},
      {"9999-12-31T23:59:59Z", 253402300799},
  };
  for (const Instant& instant : instants) {
    const auto time = parse_instant(instant.text);
    ASSERT_TRUE(time) << instant.text;
    EXPECT_EQ(time->seconds, instant.seconds) << instant.text;
  }
}

TEST(Time, EqualsOnlyWithTheSameOffset) {
  const auto utc = parse_instant("2024-03-12T13:05:00Z");
  const auto zero = parse_instant("2024-03-12T13:05:00-00:00");
  const auto west = parse_instant("2024-03-12T09:05:00-04:00");
  EXPECT_EQ(*utc, *zero);
  EXPECT_NE(*utc, *west);
  EXPECT_EQ(utc->milliseconds(), west->milliseconds());
}

TEST(Time, CountsMillisecondsDown) {
  EXPECT_EQ(parse_instant("1970-01-01T00:00:00.0009Z")->milliseconds(), 0);
  EXPECT_EQ(parse_instant("1970-01-01T00:00:00.001999Z")->milliseconds(), 1);
  // Toward minus infinity, not toward zero.
  EXPECT_EQ(parse_instant("1969-12-31T23:59:59.9999Z")->milliseconds(), -1);
  EXPECT_EQ(parse_instant("1969-12-31T23:59:59.0001Z")->milliseconds(), -1000);
}

TEST(Time, KnowsGosZeroTime) {
  EXPECT_TRUE(parse_instant("0001-01-01T00:00:00Z")->is_zero());
  EXPECT_TRUE(parse_instant("0001-01-01T05:00:00+05:00")->is_zero());
  EXPECT_FALSE(parse_instant("0001-01-01T00:00:00.000000001Z")->is_zero());
  EXPECT_FALSE(parse_instant("0001-01-01T00:00:01Z")->is_zero());
  EXPECT_FALSE(Time{}.is_zero());
}

TEST(Time, ComparesInstantsWhateverTheOffsets) {
  const auto before = [](const char* left, const char* right) {
    return is_before(*parse_instant(left), *parse_instant(right));
  };
  EXPECT_TRUE(before("2024-03-12T13:05:00Z", "2024-03-12T13:05:00.000000001Z"));
  EXPECT_TRUE(before("2024-03-12T13:05:00Z", "2024-03-12T09:06:00-04:00"));
  EXPECT_FALSE(before("2024-03-12T13:05:00Z", "2024-03-12T09:05:00-04:00"));
  EXPECT_FALSE(before("2024-03-12T09:05:00-04:00", "2024-03-12T13:05:00Z"));
  EXPECT_TRUE(before("1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00Z"));
}

// docs/spec/datatypes-common.md 4.2
TEST(ParseLocalTime, TakesNoZone) {
  const char* const good[] = {"2024-03-12T09:05:00", "2024-03-12T09:05:00.5", "2024-03-12T9:05:00",
                              "2024-03-12T09:05:00,25", "0000-01-01T00:00:00"};
  for (const char* const text : good) EXPECT_TRUE(parse_local_time(text)) << text;
  const char* const bad[] = {"2024-03-12T09:05:00Z",
                             "2024-03-12T09:05:00-04:00",
                             "2024-03-12T09:05:00.",
                             "2024-03-12T09:05",
                             "2024-03-12",
                             "2023-02-29T00:00:00",
                             ""};
  for (const char* const text : bad) EXPECT_FALSE(parse_local_time(text)) << text;
}

TEST(ParseLocalTime, CountsAsUtc) {
  const auto time = parse_local_time("2024-03-12T13:05:00.25");
  ASSERT_TRUE(time);
  EXPECT_EQ(*time, *parse_instant("2024-03-12T13:05:00.25Z"));
}

// docs/spec/datatypes-common.md 4.3
TEST(FormatUtcMilliseconds, PrintsTheFormsOfTheSpec) {
  const struct {
    int64_t milliseconds;
    const char* text;
  } rows[] = {
      {1710248700000, "2024-03-12T13:05:00Z"},
      {1710248700200, "2024-03-12T13:05:00.2Z"},
      {1710248700250, "2024-03-12T13:05:00.25Z"},
      {1710248700123, "2024-03-12T13:05:00.123Z"},
      {1710248700003, "2024-03-12T13:05:00.003Z"},
      {0, "1970-01-01T00:00:00Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {-62135596800000, "0001-01-01T00:00:00Z"},
      {-62167219200000, "0000-01-01T00:00:00Z"},
      {253402300799999, "9999-12-31T23:59:59.999Z"},
      {951782400000, "2000-02-29T00:00:00Z"},
  };
  for (const auto& row : rows) EXPECT_EQ(format_utc_milliseconds(row.milliseconds), row.text);
}

TEST(FormatUtcMilliseconds, RandomInstantsReadBack) {
  std::mt19937_64 random(4);
  std::uniform_int_distribution<int64_t> values(-62167219200000, 253402300799999);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t value = values(random);
    const auto time = parse_instant(format_utc_milliseconds(value));
    ASSERT_TRUE(time) << value;
    ASSERT_EQ(time->milliseconds(), value);
  }
}

TEST(FormatTime, RandomOffsetsReadBack) {
  std::mt19937_64 random(5);
  std::uniform_int_distribution<int64_t> seconds(0, 4'000'000'000);
  std::uniform_int_distribution<int32_t> minutes(-24 * 60, 24 * 60);
  std::uniform_int_distribution<int32_t> nanoseconds(0, 999'999'999);
  for (int i = 0; i < 20'000; ++i) {
    const Time time{seconds(random), nanoseconds(random), minutes(random) * 60};
    const auto read = parse_instant(format_time(time));
    ASSERT_TRUE(read) << format_time(time);
    ASSERT_EQ(*read, time);
  }
}

TEST(AppendUtcMilliseconds, Appends) {
  std::string out = "\"";
  append_utc_milliseconds(out, 1);
  EXPECT_EQ(out, "\"1970-01-01T00:00:00.001Z");
}

TEST(IsPrintable, IsForTheYears0To9999) {
  EXPECT_TRUE(is_printable(-62167219200000));
  EXPECT_FALSE(is_printable(-62167219200001));
  EXPECT_TRUE(is_printable(253402300799999));
  EXPECT_FALSE(is_printable(253402300800000));
  // Only an offset can push an instant out of them.
  EXPECT_FALSE(is_printable(parse_instant("0000-01-01T00:00:00+01:00")->milliseconds()));
  EXPECT_FALSE(is_printable(parse_instant("9999-12-31T23:59:59-01:00")->milliseconds()));
}

TEST(NowMilliseconds, IsTheClock) {
  using std::chrono::system_clock;
  const auto clock = [] {
    return std::chrono::floor<std::chrono::milliseconds>(system_clock::now())
        .time_since_epoch()
        .count();
  };
  const int64_t before = clock();
  const int64_t now = now_milliseconds();
  EXPECT_LE(before, now);
  EXPECT_LE(now, clock());
}

}  // namespace
}  // namespace tideway

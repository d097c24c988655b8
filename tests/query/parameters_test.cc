#include "query/parameters.h"

#include <gtest/gtest.h>

#include <vector>

namespace tideway::query {
namespace {

using Parameters = std::vector<Parameter>;
using Names = std::vector<std::string>;

constexpr int64_t kNone = std::numeric_limits<int64_t>::min();
constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();
constexpr int64_t kNoonMs = 1'714'564'800'000;  // 2024-05-01T12:00:00Z

TEST(ReadFilter, LetsEverythingThroughByDefault) {
  const auto filter = read_filter({});
  ASSERT_TRUE(filter);
  EXPECT_TRUE(filter->types.empty());
  EXPECT_TRUE(filter->sub_types.empty());
  EXPECT_EQ(filter->start_ms, kNone);
  EXPECT_EQ(filter->end_ms, kNoEnd);
  EXPECT_EQ(filter->upload_id, "");
  EXPECT_EQ(filter->device_id, "");
  EXPECT_FALSE(filter->latest);
}

TEST(ReadFilter, ReadsLists) {
  const struct {
    std::string text;
    Names names;
  } rows[] = {
      {"", {}},
      {"cbg", {"cbg"}},
      {"cbg,smbg", {"cbg", "smbg"}},
      {"cbg,cbg", {"cbg", "cbg"}},
      {"smbg, cbg", {"smbg", " cbg"}},  // no trimming
      {"CBG", {"CBG"}},
      {",cbg", {}},  // an empty first element makes the list absent
      {",", {}},
      {"cbg,", {"cbg", ""}},
      {"cbg,,smbg", {"cbg", "", "smbg"}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(read_filter(Parameters{{"type", row.text}})->types, row.names) << row.text;
    EXPECT_EQ(read_filter(Parameters{{"subType", row.text}})->sub_types, row.names) << row.text;
  }
}

TEST(ReadFilter, ReadsIds) {
  const auto filter = read_filter(Parameters{{"uploadId", "u,1"}, {"deviceId", "d 1"}});
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->upload_id, "u,1");
  EXPECT_EQ(filter->device_id, "d 1");
}

TEST(ReadFilter, TakesTheFirstOfRepeatedParameters) {
  const auto filter = read_filter(Parameters{{"type", "cbg"},
                                             {"type", "smbg"},
                                             {"uploadId", "a"},
                                             {"uploadId", "b"},
                                             {"startDate", "2024-05-01T12:00:00Z"},
                                             {"startDate", "bad"}});
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->types, (Names{"cbg"}));
  EXPECT_EQ(filter->upload_id, "a");
  EXPECT_EQ(filter->start_ms, kNoonMs);
  // Empty counts as absent, but it is still the first.
  EXPECT_TRUE(read_filter(Parameters{{"type", ""}, {"type", "cbg"}})->types.empty());
}

TEST(ReadFilter, TakesTheLastOfRepeatedBooleans) {
  EXPECT_TRUE(read_filter(Parameters{{"latest", "0"}, {"latest", "1"}})->latest);
  EXPECT_FALSE(read_filter(Parameters{{"latest", "1"}, {"latest", "0"}})->latest);
  EXPECT_FALSE(read_filter(Parameters{{"latest", "1"}, {"latest", "bad"}}));
}

TEST(ReadFilter, ReadsBooleans) {
  for (const auto text : {"1", "t", "T", "TRUE", "true", "True"}) {
    EXPECT_TRUE(read_filter(Parameters{{"latest", text}}).value().latest) << text;
  }
  for (const auto text : {"0", "f", "F", "FALSE", "false", "False"}) {
    EXPECT_FALSE(read_filter(Parameters{{"latest", text}}).value().latest) << text;
  }
  for (const auto text : {"", "2", "yes", "tRUE", " true", "true "}) {
    EXPECT_FALSE(read_filter(Parameters{{"latest", text}})) << text;
  }
}

TEST(ReadFilter, ReadsDates) {
  const struct {
    const char* text;
    int64_t start_ms;
    int64_t end_ms;
  } rows[] = {
      {"", kNone, kNoEnd},
      {"0001-01-01T00:00:00Z", kNone, kNoEnd},  // Go's zero time counts as absent
      {"2024-05-01T12:00:00Z", kNoonMs, kNoonMs},
      {"2024-05-01T05:00:00-07:00", kNoonMs, kNoonMs},
      {"2024-05-01T14:00:00+02:00", kNoonMs, kNoonMs},
      {"2024-05-01T12:00:00.005Z", kNoonMs + 5, kNoonMs + 5},
      // Inside a millisecond: a start leaves that millisecond out, an end takes it in.
      {"2024-05-01T12:00:00.0050001Z", kNoonMs + 6, kNoonMs + 5},
      {"1970-01-01T00:00:00Z", 0, 0},
      {"1969-12-31T23:59:59.9995Z", 0, -1},
  };
  for (const auto& row : rows) {
    const auto filter = read_filter(Parameters{{"startDate", row.text}, {"endDate", row.text}});
    ASSERT_TRUE(filter) << row.text;
    EXPECT_EQ(filter->start_ms, row.start_ms) << row.text;
    EXPECT_EQ(filter->end_ms, row.end_ms) << row.text;
  }
}

TEST(ReadFilter, RefusesBadDates) {
  for (const auto text : {"2024-05-01", "2024-05-01T12:00:00", "2024-05-01T12:00:00 02:00",
                          "2024-05-01 12:00:00Z", "yesterday", "0", "2024-02-30T00:00:00Z"}) {
    EXPECT_FALSE(read_filter(Parameters{{"startDate", text}})) << text;
    EXPECT_FALSE(read_filter(Parameters{{"endDate", text}})) << text;
  }
}

TEST(ReadFilter, ReadsTheSourceFilters) {
  const auto none = read_filter({});
  EXPECT_EQ(none->carelink, std::nullopt);
  EXPECT_EQ(none->medtronic, std::nullopt);
  EXPECT_TRUE(none->cbg_filter);
  const auto some = read_filter(Parameters{{"carelink", "f"}, {"medtronic", "1"}});
  EXPECT_EQ(some->carelink, false);
  EXPECT_EQ(some->medtronic, true);
  for (const char* const name : {"carelink", "medtronic", "cbgFilter", "dexcom"}) {
    EXPECT_FALSE(read_filter(Parameters{{name, ""}})) << name;
    EXPECT_FALSE(read_filter(Parameters{{name, "1"}, {name, "no"}})) << name;
    EXPECT_TRUE(read_filter(Parameters{{name, "no"}, {name, "1"}})) << name;
  }
}

TEST(ReadFilter, DexcomIsTheOppositeOfCbgFilterWhereThatIsAbsent) {
  EXPECT_FALSE(read_filter(Parameters{{"cbgFilter", "false"}})->cbg_filter);
  EXPECT_FALSE(read_filter(Parameters{{"dexcom", "true"}})->cbg_filter);
  EXPECT_TRUE(read_filter(Parameters{{"dexcom", "false"}})->cbg_filter);
  EXPECT_TRUE(read_filter(Parameters{{"dexcom", "true"}, {"cbgFilter", "1"}})->cbg_filter);
  EXPECT_TRUE(read_filter(Parameters{{"dexcom", "bad"}, {"cbgFilter", "1"}})->cbg_filter);
  EXPECT_FALSE(read_filter(Parameters{{"dexcom", "bad"}}));
}

TEST(ReadFilter, ReadsTheSampleInterval) {
  const struct {
    const char* text;
    int64_t interval_ms;
  } good[] = {{"300000", 300'000},
              {"-1", -1},
              {"0", 0},
              {"+5", 5},
              {"007", 7},
              {"2147483647", 2'147'483'647},
              {"-2147483648", -2'147'483'648}};
  for (const auto& row : good) {
    const auto filter = read_filter(Parameters{{"sampleIntervalMinimum", row.text}});
    ASSERT_TRUE(filter) << row.text;
    EXPECT_EQ(filter->sample_interval_min_ms, row.interval_ms) << row.text;
  }
  for (const auto text : {"", "5.0", "1e3", "2147483648", "-2147483649", "0x10", " 1", "1 ", "+",
                          "+-1", "--1", "a"}) {
    EXPECT_FALSE(read_filter(Parameters{{"sampleIntervalMinimum", text}})) << text;
  }
  EXPECT_EQ(
      read_filter(Parameters{{"sampleIntervalMinimum", "bad"}, {"sampleIntervalMinimum", "2"}})
          ->sample_interval_min_ms,
      2);
}

TEST(ReadFilter, ReadsReasons) {
  const auto filter = read_filter(Parameters{{"dosingDecision.reason", "normalBolus,loop"},
                                             {"dosingDecision.reason", "other"}});
  EXPECT_EQ(filter->dosing_decision_reasons, (Names{"normalBolus", "loop"}));
  EXPECT_TRUE(
      read_filter(Parameters{{"dosingDecision.reason", ",a"}})->dosing_decision_reasons.empty());
}

TEST(ReadFilter, ReadsTheLimit) {
  EXPECT_EQ(read_filter({})->limit, std::nullopt);
  EXPECT_EQ(read_filter(Parameters{{"limit", "1"}})->limit, 1U);
  EXPECT_EQ(read_filter(Parameters{{"limit", "10000"}})->limit, 10'000U);
  for (const auto text : {"", "0", "-1", "+1", "1.0", "10001", "99999999999999999999", " 1", "x"}) {
    const auto filter = read_filter(Parameters{{"limit", text}});
    ASSERT_FALSE(filter) << text;
    EXPECT_EQ(filter.error(), "limit is not a whole number from 1 to 10000");
  }
}

TEST(ReadFilter, LatestHasNoPages) {
  for (const char* const name : {"limit", "cursor"}) {
    const auto filter = read_filter(Parameters{{"latest", "1"}, {name, "5"}});
    ASSERT_FALSE(filter);
    EXPECT_EQ(filter.error(), "limit and cursor are not for latest");
    EXPECT_TRUE(read_filter(Parameters{{"latest", "0"}, {name, "5"}}));
  }
  EXPECT_EQ(cursor_text(Parameters{{"cursor", ""}}), "");
  EXPECT_EQ(cursor_text({}), std::nullopt);
}

TEST(ReadFilter, ReadsModifiedSince) {
  const auto filter = read_filter(Parameters{{"modifiedSince", "2024-05-01T12:00:00Z"}});
  EXPECT_EQ(filter->modified_since_ms, kNoonMs);
  // Rules that look at what else there is do not take part by themselves.
  EXPECT_EQ(filter->carelink, true);
  EXPECT_EQ(filter->medtronic, true);
  EXPECT_FALSE(filter->cbg_filter);
  EXPECT_EQ(read_filter(Parameters{{"modifiedSince", "2024-05-01T12:00:00Z"}, {"carelink", "0"}})
                ->carelink,
            false);
  for (const auto text : {"", "2024-05-01", "1714564800000"}) {
    EXPECT_EQ(read_filter(Parameters{{"modifiedSince", text}}).error(),
              "modifiedSince is not a time with a zone");
  }
  for (const char* const name : {"limit", "cursor", "latest"}) {
    EXPECT_EQ(
        read_filter(Parameters{{"modifiedSince", "2024-05-01T12:00:00Z"}, {name, "1"}}).error(),
        "modifiedSince is not for latest, limit and cursor");
  }
}

TEST(ReadFilter, IgnoresTheUnknown) {
  const auto filter = read_filter(Parameters{{"Type", "cbg"}, {"subtype", "x"}, {"foo", ""}});
  ASSERT_TRUE(filter);
  EXPECT_TRUE(filter->types.empty());
  EXPECT_TRUE(filter->sub_types.empty());
}

}  // namespace
}  // namespace tideway::query

#include "record/report.h"

#include <gtest/gtest.h>

#include <array>

#include "json/document.h"

namespace tideway::record {
namespace {

/// The code, title and detail of the one error that `call` reports.
template <class Call>
std::string one(Call call) {
  const Path root;
  const Path path(root, "x");
  Report report;
  call(report, path);
  if (report.errors().size() != 1) return "not one error";
  const Error& error = report.errors().front();
  EXPECT_EQ(error.pointer, "/x");
  return error.code + " | " + error.title + " | " + error.detail;
}

// docs/spec/datatypes-common.md 1.4
TEST(Report, NamesTheKindThatWasFound) {
  const struct {
    const char* json;
    const char* kind;
  } rows[] = {
      {"\"a\"", "string"},
      {"1", "float64"},
      {"-1.5", "float64"},
      {"18446744073709551615", "float64"},
      {"true", "bool"},
      {"[]", "[]interface {}"},
      {"{}", "map[string]interface {}"},
  };
  for (const auto& row : rows) {
    json::Parser parser;
    const auto element = *parser.parse(row.json);
    EXPECT_EQ(one([&](Report& r, const Path& p) { r.type_is_not(p, "time", element); }),
              std::string("type-not-time | type is not time | type is not time, but ") + row.kind);
  }
}

TEST(Report, HasTheTextsOfTheSpec) {
  using R = Report;
  const auto is = [](auto call, const char* expected) { EXPECT_EQ(one(call), expected); };
  is([](R& r, const Path& p) { r.not_exists(p); },
     "value-not-exists | value does not exist | value does not exist");
  is([](R& r, const Path& p) { r.exists(p); }, "value-exists | value exists | value exists");
  is([](R& r, const Path& p) { r.empty_value(p); },
     "value-empty | value is empty | value is empty");
  is([](R& r, const Path& p) { r.duplicate(p); },
     "value-duplicate | value is a duplicate | value is a duplicate");
  is([](R& r, const Path& p) { r.not_parsed(p); }, "not-parsed | not parsed | not parsed");
  is([](R& r, const Path& p) { r.out_of_range(p, "1000.1", "between 0 and 1000"); },
     "value-out-of-range | value is out of range | value 1000.1 is not between 0 and 1000");
  is([](R& r, const Path& p) { r.not_equal(p, "x", "carelink"); },
     "value-out-of-range | value is out of range | value \"x\" is not equal to \"carelink\"");
  is([](R& r, const Path& p) { r.bad_length(p, 101, "less than or equal to 100"); },
     "length-out-of-range | length is out of range | length 101 is not less than or equal to 100");
  is([](R& r, const Path& p) { r.bad_size(p, 4097, 4096); },
     "size-out-of-range | size is out of range | size 4097 is not less than or equal to 4096");
  is([](R& r, const Path& p) { r.not_valid(p, "a\"b", "as data id"); },
     "value-not-valid | value is not valid | value \"a\\\"b\" is not valid as data id");
  is([](R& r, const Path& p) { r.not_parsable_time(p, "x", kInstantLayout); },
     "value-not-parsable | value is not a parsable time | value \"x\" is not a parsable time of "
     "format \"2006-01-02T15:04:05.999999999Z07:00\"");
}

TEST(Report, PrintsLists) {
  const std::array<std::string_view, 2> names = {"a", "b"};
  const std::array<double, 3> numbers = {1, 0.5, 1e-7};
  EXPECT_EQ(one([&](Report& r, const Path& p) { r.not_allowed(p, "c", names); }),
            "value-not-allowed | value is not one of the allowed values | "
            "value \"c\" is not one of [\"a\", \"b\"]");
  EXPECT_EQ(one([&](Report& r, const Path& p) { r.number_not_allowed(p, "7", numbers); }),
            "value-not-allowed | value is not one of the allowed values | "
            "value 7 is not one of [1, 0.5, 0.0000001]");
  EXPECT_EQ(one([&](Report& r, const Path& p) { r.none_of_any(p, names); }),
            "values-not-exist-for-any | values do not exist for any | "
            "values do not exist for any of [\"a\", \"b\"]");
  EXPECT_EQ(one([&](Report& r, const Path& p) { r.none_of_one(p, names); }),
            "values-not-exist-for-one | values do not exist for one | "
            "values do not exist for one of [\"a\", \"b\"]");
}

TEST(Report, PrintsTimes) {
  const Time early = *parse_instant("2024-01-01T00:00:00.500Z");
  const Time late = *parse_instant("2024-01-01T01:00:00+01:00");
  EXPECT_EQ(one([&](Report& r, const Path& p) { r.not_after(p, early, late); }),
            "value-not-after | value is not after the specified time | "
            "value \"2024-01-01T00:00:00.5Z\" is not after \"2024-01-01T01:00:00+01:00\"");
}

TEST(Report, PutsTheMetaIntoEachError) {
  Report report;
  report.set_meta(R"({"type":"cbg"})");
  report.exists(Path());
  report.set_meta({});
  report.exists(Path());
  EXPECT_EQ(report.errors()[0].meta, R"({"type":"cbg"})");
  EXPECT_EQ(report.errors()[1].meta, "");
}

TEST(Report, StopsAtTheLimit) {
  Report report;
  for (size_t i = 0; i < kErrorsMax + 5; ++i) report.exists(Path());
  EXPECT_EQ(report.errors().size(), kErrorsMax);
  report.clear();
  EXPECT_TRUE(report.empty());
  report.exists(Path());
  EXPECT_FALSE(report.empty());
}

}  // namespace
}  // namespace tideway::record

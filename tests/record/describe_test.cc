// The table of a type: a made-up schema whose lines are known, and every type that is registered.
#include "record/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/object_names.h"
#include "record/record_types.h"

namespace tideway::record {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Object& dose() {
  static const Object object =
      Object{
          number("total").min(0),
          strings("parts").each_one_of({"now", "later"}),
      }
          .any_of({"total", "parts"})
          .strict();
  return object;
}

const Object& step() {
  static const Object object = {integer("start"), number("rate").required()};
  return object;
}

const Object& short_form() {
  static const Object object = {constant("form", "short"), boolean("sure")};
  return object;
}

const Object& long_form() {
  static const Object object = {constant("form", "long"), metadata("more").keeps_nulls()};
  return object;
}

const Dispatch& forms() {
  static const Dispatch dispatch = {"form", {{"short", short_form}, {"long", long_form}}};
  return dispatch;
}

void check_nothing(const CheckContext&) {}

const Object& thing() {
  static const Object declaration =
      Object{
          constant("type", "thing"),
          string("units").required().one_of({"mg/dL", "mmol/L"}).glucose_units(),
          number("value")
              .required_unless_any({"note", "extra"})
              .range_by("units", {{"mg/dL", 0, 1000}, {"mmol/L", 0, 55}})
              .to_mmol("units"),
          integer("count").only_with("value").one_of_numbers({1, 2.5}),
          string("note").not_with("extra").text(100).written_as("remark"),
          string("extra").forbidden_when("units", {"mg/dL"}).length_above(2).bytes_max(9),
          string("day").checked_when("units", {"mmol/L"}).required().local_time_text(),
          string("link").url(),
          instant("time").required().not_empty(),
          local_time("end").not_before("time"),
          strings("tags").length_max(3).unique().sorted(),
          metadata("payload"),
          metadatas("annotations"),
          object("dose", dose).together_with("value"),
          objects("steps", step).starts(),
          object_map("schedules", dose),
          objects_map("plans", step),
          variant("shape", forms),
          record_field("inner", forms),
          number("low").range(0, 10),
          number("high").range_from("low", 0, 10),
          again("note").required_with_any({"low"}),
      }
          .check("high and low are far apart", check_nothing)
          .identity({"units", "value"});
  return declaration;
}

std::string page() { return describe({"thing", thing}); }

/// The line of a field, with one blank where there are several.
std::string line_of(const std::string& page, std::string_view field) {
  const size_t begin = page.find("\n  " + std::string(field) + "  ");
  if (begin == page.npos) return "none";
  std::string line;
  // What follows deeper goes on with it.
  size_t at = begin + 1;
  for (bool first = true;; first = false) {
    const size_t end = page.find('\n', at);
    const std::string text = page.substr(at, end - at);
    if (!first && !text.starts_with("      ")) break;
    for (const char c : ' ' + text) {
      if (c != ' ' || (!line.empty() && line.back() != ' ')) line += c;
    }
    at = end + 1;
  }
  return line;
}

TEST(Describe, HasALineForEachKindAndRule) {
  const std::string text = page();
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"type", R"(type constant always "thing")"},
      {"units", R"(units string required; one of "mg/dL", "mmol/L"; stored as "mmol/L")"},
      {"value",
       R"(value number required unless there is "note" or "extra"; by "units": 0 to 1000 for )"
       R"("mg/dL", 0 to 55 for "mmol/L"; stored in mmol/L, converted by "units")"},
      {"count", R"(count integer only with "value"; one of 1, 2.5)"},
      {"note",
       R"(note string not together with "extra"; not empty; at most 100 characters; stored under )"
       R"(the name "remark")"},
      {"extra",
       R"(extra string not when "units" is "mg/dL"; at least 3 characters; at most 9 bytes)"},
      {"day", R"(day string when "units" is "mmol/L": required; a time without zone, )"
              R"(YYYY-MM-DDThh:mm:ss)"},
      {"time", "time time required; not 0001-01-01T00:00:00Z; RFC 3339"},
      {"end", R"(end local time not before "time"; YYYY-MM-DDThh:mm:ss, without zone)"},
      {"tags", "tags array of strings at most 3 items; none twice; stored sorted"},
      {"payload",
       "payload free-form object not empty, at most 4096 bytes, null members are dropped"},
      {"annotations",
       "annotations array of free-form objects not empty; at most 100 items; each not empty, at "
       "most 4096 bytes, null members are dropped"},
      {"dose", R"(dose object → dose required with "value", not without)"},
      {"schedules", "schedules map of objects → dose"},
      {"plans", "plans map of arrays of objects → steps"},
      {"shape", R"(shape object "form": "short", "long")"},
      {"inner",
       R"(inner record "form": "short", "long"; becomes a record of its own, whose id is stored )"
       R"(here)"},
      {"low", "low number 0 to 10"},
      {"high", R"(high number from "low" (0 while that is missing or out of range) to 10)"},
      {"parts", R"(parts array of strings each one of "now", "later")"},
      {"total", "total number at least 0"},
      {"sure", "sure boolean"},
      {"more", "more free-form object not empty, at most 4096 bytes"},
  };
  for (const auto& [field, line] : lines) {
    EXPECT_EQ(line_of(text, field), line) << field;
  }
  EXPECT_THAT(line_of(text, "link"), HasSubstr("a URL with scheme and host of at most"));
  EXPECT_THAT(
      line_of(text, "steps"),
      StartsWith(R"(steps array of objects → steps "start" is required in each item: 0 in)"));
  // The further rules of a field that was there before.
  EXPECT_THAT(text, testing::ContainsRegex(R"(note +  then +required with "low")"));
}

TEST(Describe, TellsTheRulesOfWholeObjects) {
  const std::string text = page();
  EXPECT_THAT(text, StartsWith("Records of type \"thing\"\n\nthing\n\n  type "));
  EXPECT_THAT(text, HasSubstr("  * high and low are far apart\n"));
  EXPECT_THAT(text,
              HasSubstr("  * two records of a user are the same when these are: \"deviceId\", "
                        "\"time\", \"type\", \"units\", \"value\"\n"));
  EXPECT_THAT(text,
              HasSubstr("  * at least one of \"total\" or \"parts\"\n  * no other members\n"));
  EXPECT_THAT(text, HasSubstr("\nLimits\n\n  records of a body: 200000\n"));
}

TEST(Describe, TellsWhatATypeFollowsFrom) {
  const std::string text = describe({"thing", nullptr, forms});
  EXPECT_THAT(text, StartsWith("Records of type \"thing\"\n\nThe fields follow from \"form\": "
                               "\"short\", \"long\".\n\nshort\n\n"));
  EXPECT_THAT(text, HasSubstr("\n\nlong\n\n"));
}

TEST(Describe, LeavesNoBlanksAtTheEndsOfLines) {
  for (const Dispatch::Case& type : record_types().cases) {
    EXPECT_THAT(describe(type), Not(HasSubstr(" \n"))) << type.value;
  }
}

// A field that a table does not name is a field that nobody hears of.
TEST(Describe, NamesEveryFieldOfEveryType) {
  EXPECT_EQ(record_types().cases.size(), 19u);
  for (const Dispatch::Case& type : record_types().cases) {
    const std::string text = describe(type);
    const ObjectNames names(type);
    ASSERT_FALSE(names.objects().empty());
    for (const NamedObject& named : names.objects()) {
      const size_t begin = text.find("\n\n" + named.name + "\n\n");
      ASSERT_NE(begin, text.npos) << type.value << ": " << named.name;
      const size_t rows = begin + named.name.size() + 4;
      const std::string table = '\n' + text.substr(rows, text.find("\n\n", rows) - rows);
      for (const Field& field : named.object->fields()) {
        EXPECT_THAT(table, HasSubstr("\n  " + std::string(field.name()) + ' '))
            << type.value << ": " << named.name;
      }
    }
  }
}

}  // namespace
}  // namespace tideway::record

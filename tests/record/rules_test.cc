#include "record/rules.h"

#include <gtest/gtest.h>

#include "tests/record/reading.h"

namespace tideway::record {
namespace {

const std::string kNotExists = " value does not exist";
const std::string kExists = " value exists";
const std::string kEmpty = " value is empty";

struct Row {
  std::string body;
  Lines errors;
};

void expect(const Object& object, const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(errors_of(row.body, object), row.errors) << row.body;
}

TEST(Rules, OnlyWith) {
  expect({string("a"), string("b").only_with("a").required()},
         {{R"({"a":"x","b":"y"})", {}},
          {R"({"a":"x"})", {"/b" + kNotExists}},
          {R"({"b":"y"})", {"/b" + kExists}},
          // A closed gate lets no further rule see the value.
          {R"({})", {}}});
}

TEST(Rules, OnlyWhen) {
  expect({string("a"), string("b").only_when("a", {"x", "y"}).required()},
         {{R"({"a":"y","b":""})", {}},
          {R"({"a":"x"})", {"/b" + kNotExists}},
          {R"({"a":"z","b":""})", {"/b" + kExists}},
          {R"({"a":"z"})", {}},
          {R"({"b":""})", {"/b" + kExists}}});
}

TEST(Rules, ForbiddenWhen) {
  expect({string("a"), string("b").forbidden_when("a", {"x"}).not_empty()},
         {{R"({"a":"x","b":""})", {"/b" + kExists}},
          {R"({"a":"y","b":""})", {"/b" + kEmpty}},
          {R"({"b":"y"})", {}},
          {R"({"a":"x"})", {}}});
}

TEST(Rules, CheckedWhen) {
  expect({string("a"), string("b").checked_when("a", {"x"}).required()},
         {{R"({"a":"x"})", {"/b" + kNotExists}},
          {R"({"a":"y"})", {}},
          {R"({"a":"y","b":""})", {}},
          {R"({})", {}}});
}

TEST(Rules, NotWith) {
  expect({string("a"), string("b").not_with("a"), string("c").not_with_any({"a", "b"})},
         {{R"({"b":""})", {}},
          {R"({"a":"","b":""})", {"/b" + kExists}},
          {R"({"b":"","c":""})", {"/c" + kExists}},
          {R"({"a":"","c":""})", {"/c" + kExists}}});
}

TEST(Rules, Required) {
  expect({string("a").required()}, {{R"({"a":""})", {}},
                                    {R"({})", {"/a" + kNotExists}},
                                    {R"({"a":null})", {"/a" + kNotExists}}});
}

TEST(Rules, RequiredByOthers) {
  expect({string("a"), string("b"), string("c").required_unless_any({"a", "b"})},
         {{R"({})", {"/c" + kNotExists}},
          {R"({"b":""})", {}},
          {R"({"c":""})", {}},
          {R"({"a":"","c":""})", {}}});
  expect({string("a"), string("b"), string("c").required_with_any({"a", "b"})},
         {{R"({})", {}}, {R"({"b":""})", {"/c" + kNotExists}}, {R"({"a":"","c":""})", {}}});
  expect({string("a"), string("b").together_with("a")}, {{R"({})", {}},
                                                         {R"({"a":"","b":""})", {}},
                                                         {R"({"a":""})", {"/b" + kNotExists}},
                                                         {R"({"b":""})", {"/b" + kExists}}});
  expect({number("a"), string("b").required_when_zero("a")},
         {{R"({})", {}},
          {R"({"a":0})", {"/b" + kNotExists}},
          {R"({"a":-0.0})", {"/b" + kNotExists}},
          {R"({"a":1})", {}},
          {R"({"a":0,"b":""})", {}}});
}

TEST(Rules, NotEmpty) {
  expect(
      {string("s").not_empty(), strings("l").not_empty(), metadatas("m"), instant("t").not_empty()},
      {{R"({"s":"x","l":[""],"m":[{"a":1}],"t":"2024-03-12T13:05:00Z"})", {}},
       {R"({"s":"","l":[],"m":[],"t":"0001-01-01T00:00:00Z"})",
        {"/s" + kEmpty, "/l" + kEmpty, "/m" + kEmpty, "/t" + kEmpty}},
       {R"({})", {}}});
}

TEST(Rules, LengthsCountCodePoints) {
  expect(
      {string("min").length_min(2), string("max").length_max(2), string("above").length_above(1)},
      {{R"({"min":"éé","max":"日本","above":"😀x"})", {}},
       {R"({"min":"é","max":"日本語","above":"😀"})",
        {"/min length 1 is not greater than or equal to 2",
         "/max length 3 is not less than or equal to 2", "/above length 1 is not greater than 1"}},
       {R"({"min":"","max":"","above":""})",
        {"/min length 0 is not greater than or equal to 2",
         "/above length 0 is not greater than 1"}}});
  expect(
      {string("a").bytes_max(3)},
      {{R"({"a":"aé"})", {}}, {R"({"a":"éé"})", {"/a length 4 is not less than or equal to 3"}}});
  expect({strings("a").length_max(1)},
         {{R"({"a":["x"]})", {}},
          {R"({"a":["x","y"]})", {"/a length 2 is not less than or equal to 1"}}});
  expect({string("a").text(2)},
         {{R"({"a":"xy"})", {}},
          {R"({"a":""})", {"/a" + kEmpty}},
          {R"({"a":"xyz"})", {"/a length 3 is not less than or equal to 2"}}});
}

TEST(Rules, EqualToAndOneOf) {
  expect({string("a").equal_to("carelink"), string("b").one_of({"x", "y"})},
         {{R"({"a":"carelink","b":"y"})", {}},
          {R"({"a":"Carelink","b":""})",
           {R"(/a value "Carelink" is not equal to "carelink")",
            R"(/b value "" is not one of ["x", "y"])"}}});
  expect({number("a").one_of_numbers({1, 2.5}), integer("b").one_of_numbers({0})},
         {{R"({"a":2.5,"b":0})", {}},
          {R"({"a":2.4,"b":-1})",
           {"/a value 2.4 is not one of [1, 2.5]", "/b value -1 is not one of [0]"}}});
}

TEST(Rules, RangesAreInclusive) {
  expect({number("a").range(-1.5, 55), integer("b").range(0, 86400000), number("c").min(0)},
         {{R"({"a":-1.5,"b":0,"c":0})", {}},
          {R"({"a":55,"b":86400000,"c":1e300})", {}},
          {R"({"a":55.1,"b":86400001,"c":-0.1})",
           {"/a value 55.1 is not between -1.5 and 55",
            "/b value 86400001 is not between 0 and 86400000",
            "/c value -0.1 is not greater than or equal to 0"}}});
}

TEST(Rules, PrintNumbersAsTheirKindIs) {
  // An integer outside 64 bits is what x86-64 makes of it; a number never has an exponent.
  expect({integer("a").range(0, 1), number("b").range(0, 1)},
         {{R"({"a":1e19,"b":1e21})",
           {"/a value -9223372036854775808 is not between 0 and 1",
            "/b value 1000000000000000000000 is not between 0 and 1"}},
          {R"({"a":9007199254740993,"b":-1e-7})",
           {"/a value 9007199254740992 is not between 0 and 1",
            "/b value -0.0000001 is not between 0 and 1"}}});
}

TEST(Rules, RangeByUnits) {
  expect({string("u"), number("a").range_by("u", {{"big", 0, 1000}, {"small", 0, 55}})},
         {{R"({"u":"big","a":1000})", {}},
          {R"({"u":"small","a":56})", {"/a value 56 is not between 0 and 55"}},
          {R"({"u":"other","a":-99})", {}},
          {R"({"a":-99})", {}}});
  expect({string("u"), number("a").one_of_by("u", {{"x", {1, 2}}, {"y", {3}}})},
         {{R"({"u":"y","a":3})", {}},
          {R"({"u":"x","a":3})", {"/a value 3 is not one of [1, 2]"}},
          {R"({"u":"z","a":3})", {}}});
}

TEST(Rules, RangesThatDependOnAnotherField) {
  expect({number("a").range(0, 10), number("b").range_from("a", 0, 10)},
         {{R"({"a":3,"b":3})", {}},
          {R"({"a":3,"b":2})", {"/b value 2 is not between 3 and 10"}},
          {R"({"b":2})", {}},
          // A bound that is itself out of range does not count.
          {R"({"a":11,"b":2})", {"/a value 11 is not between 0 and 10"}},
          {R"({"a":-1,"b":-1})",
           {"/a value -1 is not between 0 and 10", "/b value -1 is not between 0 and 10"}}});
  expect({number("a"), number("b").range_up_to("a", 0, 10)},
         {{R"({"a":3,"b":3})", {}},
          {R"({"a":3,"b":4})", {"/b value 4 is not between 0 and 3"}},
          {R"({"a":11,"b":4})", {}}});
  expect({number("a"), number("b").min_from("a", 0)},
         {{R"({"a":3,"b":3})", {}},
          {R"({"a":3,"b":2})", {"/b value 2 is not greater than or equal to 3"}},
          {R"({"a":-3,"b":-2})", {"/b value -2 is not greater than or equal to 0"}},
          {R"({"b":-2})", {"/b value -2 is not greater than or equal to 0"}}});
}

TEST(Rules, NotBefore) {
  expect({instant("a"), instant("b").not_before("a")},
         {{R"({"a":"2024-01-01T00:00:00Z","b":"2024-01-01T01:00:00+01:00"})", {}},
          {R"({"b":"2024-01-01T00:00:00Z"})", {}},
          {R"({"a":"2024-01-01T00:00:00Z","b":"2023-12-31T23:59:59.999Z"})",
           {R"(/b value "2023-12-31T23:59:59.999Z" is not after "2024-01-01T00:00:00Z")"}}});
}

TEST(Rules, TextForms) {
  const std::string layout = " is not valid as time with layout ";
  expect({string("l").local_time_text(), string("i").instant_text()},
         {{R"({"l":"2024-03-12T9:05:00.5","i":"2024-03-12T13:05:02.000Z"})", {}},
          {R"({"l":"2024-03-12T09:05:00Z","i":"x"})",
           {R"(/l value "2024-03-12T09:05:00Z")" + layout + R"("2006-01-02T15:04:05")",
            R"(/i value "x")" + layout + R"("2006-01-02T15:04:05.999999999Z07:00")"}},
          {R"({"l":"","i":"0001-01-01T00:00:00Z"})",
           {R"(/l value "")" + layout + R"("2006-01-02T15:04:05")", "/i" + kEmpty}}});
  expect(
      {string("d").data_id(), string("z").time_zone(), string("u").url(),
       string("r").reverse_domain(), string("t").transmitter_id()},
      {{R"({"d":"0123456789abcdef0123456789abcdef","z":"UTC","u":"http://h","r":"a.b","t":"abcde"})",
        {}},
       {R"({"d":"x","z":"utc","u":"/x","r":"a","t":"x"})",
        {R"(/d value "x" is not valid as data id)", R"(/z value "utc" is not valid time zone name)",
         R"(/u value "/x" is not valid as url)", R"(/r value "a" is not valid as reverse domain)",
         R"(/t value "x" is not valid as transmitter id)"}},
       {R"({"d":"","z":"","u":"","r":"","t":""})",
        {"/d" + kEmpty, "/z" + kEmpty, "/u" + kEmpty, "/r" + kEmpty}}});
}

TEST(Rules, LongFormsAreMeasuredInBytes) {
  const std::string url = "http://h/" + std::string(2038, 'x');
  std::string domain;
  for (int i = 0; i < 126; ++i) domain += "a.";
  expect({string("u").url(), string("r").reverse_domain()},
         {{R"({"u":")" + url + R"(","r":")" + domain + R"(a"})", {}},
          {R"({"u":")" + url + R"(x","r":")" + domain + R"(aa"})",
           {"/u length 2048 is not less than or equal to 2047",
            "/r length 254 is not less than or equal to 253"}}});
}

TEST(Rules, Items) {
  expect({strings("a").each_not_empty(), strings("b").each_text(2), strings("c").each_one_of({"x"}),
          strings("d").unique()},
         {{R"({"a":["x"],"b":["éé"],"c":["x","x"],"d":["x","y"]})", {}},
          {R"({"a":["x","",null],"b":["xyz",""],"c":["x","y"],"d":["x","y","x","x"]})",
           {"/a/1" + kEmpty, "/a/2" + kEmpty, "/b/0 length 3 is not less than or equal to 2",
            "/b/1" + kEmpty, R"(/c/1 value "y" is not one of ["x"])", "/d/2 value is a duplicate",
            "/d/3 value is a duplicate"}}});
}

TEST(Rules, RunInTheOrderWritten) {
  expect({strings("a").unique().each_one_of({"x"}), strings("b").each_one_of({"x"}).unique()},
         {{R"({"a":["y","y"],"b":["y","y"]})",
           {"/a/1 value is a duplicate", R"(/a/0 value "y" is not one of ["x"])",
            R"(/a/1 value "y" is not one of ["x"])", R"(/b/0 value "y" is not one of ["x"])",
            R"(/b/1 value "y" is not one of ["x"])", "/b/1 value is a duplicate"}}});
}

TEST(Rules, SeeAFieldAgainWhereItIsNamedAgain) {
  expect({string("a").not_empty(), string("b").not_empty(), again("a").required()},
         {{R"({"b":""})", {"/b" + kEmpty, "/a" + kNotExists}},
          {R"({"a":"","b":""})", {"/a" + kEmpty, "/b" + kEmpty}}});
}

}  // namespace
}  // namespace tideway::record

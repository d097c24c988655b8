// JSON Schema of a type: what each kind of field and each rule becomes. That the schemas agree with
// the engine on the golden vectors is what tests/schema checks.
#include "record/json_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "record/object_names.h"
#include "record/record_types.h"

namespace tideway::record {
namespace {

using json::Tree;
using testing::HasSubstr;

/// The object under test: schemas come from functions.
Object& declared() {
  static Object object = {string("a")};
  return object;
}
const Object& thing() { return declared(); }

/// The definition of an object that is a record type of its own.
std::string definition(Object object) {
  declared() = std::move(object);
  Tree schema = json_schema({"thing", thing});
  return schema.find("$defs")->find("thing")->compact();
}

/// The schema of one field.
std::string property(Field field) {
  const std::string name(field.name());
  declared() = Object{std::move(field)};
  Tree schema = json_schema({"thing", thing});
  return schema.find("$defs")->find("thing")->find("properties")->find(name)->compact();
}

const Object& inner() {
  static const Object object = {integer("start"), number("x").required()};
  return object;
}
const Object& first_form() {
  static const Object object = {constant("form", "first")};
  return object;
}
const Dispatch& forms() {
  static const Dispatch dispatch = {"form", {{"first", first_form}, {"inner", inner}}};
  return dispatch;
}

TEST(JsonSchema, Kinds) {
  EXPECT_EQ(property(constant("a", "x")), R"({"const":"x"})");
  EXPECT_EQ(property(string("a")), R"({"type":["string","null"]})");
  EXPECT_EQ(property(integer("a")), R"({"type":["integer","null"]})");
  EXPECT_EQ(property(number("a")), R"({"type":["number","null"]})");
  EXPECT_EQ(property(boolean("a")), R"({"type":["boolean","null"]})");
  EXPECT_THAT(
      property(instant("a")),
      testing::StartsWith(R"({"type":["string","null"],"description":"RFC 3339","pattern":)"));
  EXPECT_THAT(property(local_time("a")), HasSubstr(R"("pattern":)"));
  EXPECT_EQ(property(strings("a")),
            R"({"type":["array","null"],"items":{"type":["string","null"]}})");
  EXPECT_THAT(property(metadata("a")), HasSubstr(R"("minProperties":1)"));
  EXPECT_THAT(property(metadatas("a")),
              HasSubstr(R"("items":{"type":"object","minProperties":1})"));
  EXPECT_EQ(property(object("a", inner)), R"({"type":["object","null"],"$ref":"#/$defs/a"})");
  EXPECT_EQ(property(objects("a", inner)),
            R"({"type":["array","null"],"items":{"type":"object","$ref":"#/$defs/a"}})");
  EXPECT_EQ(property(object_map("a", inner)), R"({"type":["object","null"],"additionalProperties":)"
                                              R"({"type":"object","$ref":"#/$defs/a"}})");
  EXPECT_EQ(property(objects_map("a", inner)),
            R"({"type":["object","null"],"additionalProperties":{"type":"array","items":)"
            R"({"type":"object","$ref":"#/$defs/a"}}})");
  EXPECT_THAT(property(variant("a", forms)),
              testing::AllOf(HasSubstr(R"("enum":["first","inner"])"),
                             HasSubstr(R"("then":{"$ref":"#/$defs/first"})"),
                             HasSubstr(R"("then":{"$ref":"#/$defs/inner"})")));
  EXPECT_THAT(property(record_field("a", forms)), HasSubstr("becomes a record of its own"));
}

TEST(JsonSchema, RulesAboutOneValue) {
  const auto of = [](Field field) {
    // Without the kind, which is the same for all of them.
    std::string text = property(std::move(field).required());
    return text.substr(text.find(',') + 1);
  };
  EXPECT_EQ(of(string("a").not_empty()), R"("minLength":1})");
  EXPECT_EQ(of(strings("a").not_empty()), R"("items":{"type":["string","null"]},"minItems":1})");
  EXPECT_EQ(of(string("a").length_min(2)), R"("minLength":2})");
  EXPECT_EQ(of(string("a").length_max(3)), R"("maxLength":3})");
  EXPECT_EQ(of(string("a").length_above(4)), R"("minLength":5})");
  EXPECT_EQ(of(string("a").bytes_max(9)),
            R"("maxLength":9,"$comment":"Not expressed: at most 9 bytes"})");
  EXPECT_EQ(of(string("a").equal_to("x")), R"("enum":["x"]})");
  EXPECT_EQ(of(string("a").one_of({"x", "y"})), R"("enum":["x","y"]})");
  EXPECT_EQ(of(number("a").one_of_numbers({1, 2.5})), R"("enum":[1,2.5]})");
  EXPECT_EQ(of(number("a").range(-1, 1)), R"("minimum":-1,"maximum":1})");
  EXPECT_EQ(of(number("a").min(3)), R"("minimum":3})");
  EXPECT_THAT(of(number("a").range_from("b", 0, 9)),
              testing::StartsWith(R"("minimum":0,"maximum":9,"$comment":"Not expressed: from)"));
  EXPECT_THAT(of(string("a").data_id()), HasSubstr(R"("pattern":)"));
  EXPECT_THAT(of(string("a").url()), HasSubstr(R"("maxLength":)"));
  EXPECT_THAT(of(string("a").time_zone()), HasSubstr("Not expressed"));
  EXPECT_THAT(of(string("a").transmitter_id()), HasSubstr(R"("anyOf":[{"maxLength":0},)"));
  EXPECT_EQ(of(strings("a").each_text(5)),
            R"("items":{"type":"string","maxLength":5,"minLength":1}})");
  EXPECT_EQ(of(strings("a").each_one_of({"x"})), R"("items":{"type":"string","enum":["x"]}})");
  EXPECT_THAT(of(strings("a").unique()), HasSubstr(R"("uniqueItems":true)"));
}

TEST(JsonSchema, ANullCountsAsAbsent) {
  EXPECT_EQ(property(string("a").one_of({"x"})), R"({"type":["string","null"],"enum":["x",null]})");
  EXPECT_EQ(property(string("a").required().one_of({"x"})), R"({"type":"string","enum":["x"]})");
  EXPECT_EQ(definition({string("a").required(), string("b")}),
            R"({"description":"two records of a user are the same when these are: \"deviceId\", )"
            R"(\"time\", \"type\"","properties":{"a":{"type":"string"},)"
            R"("b":{"type":["string","null"]}},"required":["a"]})");
}

constexpr auto kNotNull = R"({"not":{"type":"null"}})";

std::string present(const std::string& name) {
  return R"({"required":[")" + name + R"("],"properties":{")" + name + R"(":)" + kNotNull + "}}";
}
std::string absent(const std::string& name) {
  return R"({"properties":{")" + name + R"(":{"type":"null"}}})";
}
std::string is_x(const std::string& name) {
  return R"({"required":[")" + name + R"("],"properties":{")" + name + R"(":{"enum":["x"]}}})";
}
std::string when(const std::string& condition, const std::string& then) {
  return R"({"if":)" + condition + R"(,"then":)" + then + '}';
}
std::string negated(const std::string& schema) { return R"({"not":)" + schema + '}'; }

TEST(JsonSchema, RulesThatLookAtOtherFields) {
  const auto expect = [](Field field, const std::string& rule) {
    EXPECT_THAT(definition({string("a"), number("n"), std::move(field)}), HasSubstr(rule));
  };
  expect(string("b").only_with("a"), when(negated(present("a")), absent("b")));
  expect(string("b").only_when("a", {"x"}), when(negated(is_x("a")), absent("b")));
  expect(string("b").forbidden_when("a", {"x"}), when(is_x("a"), absent("b")));
  expect(string("b").not_with("a"), when(present("a"), absent("b")));
  expect(string("b").checked_when("a", {"x"}).required(), when(is_x("a"), present("b")));
  expect(string("b").required_unless_any({"a"}), when(negated(present("a")), present("b")));
  expect(string("b").required_with_any({"a"}), when(present("a"), present("b")));
  expect(string("b").together_with("a"), when(present("a"), present("b")));
  expect(string("b").together_with("a"), when(negated(present("a")), absent("b")));
  expect(string("b").required_when_zero("n"),
         when(R"({"required":["n"],"properties":{"n":{"const":0}}})", present("b")));
  expect(number("b").range_by("a", {{"x", 1, 2}}),
         when(is_x("a"), R"({"properties":{"b":{"minimum":1,"maximum":2}}})"));
  expect(number("b").one_of_by("a", {{"x", {3, 4}}}),
         when(is_x("a"), R"({"properties":{"b":{"enum":[3,4,null]}}})"));
}

const Object& by_record() {
  static const Object object = {number("y").range_by("/a", {{"x", 1, 2}})};
  return object;
}

TEST(JsonSchema, RulesThatLookAtTheRecordFromInside) {
  EXPECT_THAT(
      definition({string("a"), object("o", by_record), objects("list", by_record)}),
      HasSubstr(when(is_x("a"), R"({"allOf":[{"properties":{"o":{"properties":{"y":{"minimum":1,)"
                                R"("maximum":2}}}}},{"properties":{"list":{"items":{"properties":)"
                                R"({"y":{"minimum":1,"maximum":2}}}}}}]})")));
}

TEST(JsonSchema, WholeObjects) {
  EXPECT_THAT(definition(Object{string("a"), string("b")}.any_of({"a", "b"})),
              HasSubstr(R"("allOf":[{"anyOf":[)" + present("a") + ',' + present("b") + "]}]"));
  EXPECT_THAT(definition(Object{string("a")}.strict()),
              HasSubstr(R"("additionalProperties":false})"));
  EXPECT_THAT(definition(Object{string("a")}.check("a is good", [](const CheckContext&) {})),
              HasSubstr(R"("$comment":"Not expressed: a is good")"));
}

TEST(JsonSchema, SchedulesRise) {
  EXPECT_THAT(property(objects("a", inner).starts()),
              testing::AllOf(HasSubstr(R"("prefixItems":[{"properties":{"start":{"const":0}}}])"),
                             HasSubstr(R"("minimum":1,"maximum":86400000)"),
                             HasSubstr("greater than the one before")));
}

TEST(JsonSchema, FurtherRulesOfAFieldJoinTheFirst) {
  EXPECT_THAT(definition({string("a").length_max(9), again("a").length_min(2)}),
              HasSubstr(R"("a":{"type":["string","null"],"maxLength":9,"minLength":2})"));
}

TEST(JsonSchema, OfEveryTypeDefinesEveryField) {
  for (const Dispatch::Case& type : record_types().cases) {
    Tree schema = json_schema(type);
    ASSERT_NE(schema.find("$defs"), nullptr);
    const ObjectNames names(type);
    for (const NamedObject& named : names.objects()) {
      Tree* const found = schema.find("$defs")->find(named.name);
      ASSERT_NE(found, nullptr) << type.value << ": " << named.name;
      for (const Field& field : named.object->fields()) {
        EXPECT_NE(found->find("properties")->find(field.name()), nullptr)
            << type.value << ": " << named.name << '.' << field.name();
      }
    }
  }
}

}  // namespace
}  // namespace tideway::record

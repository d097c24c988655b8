// What an Object works out of its declaration once, so that no record has to: where rules point,
// which fields can be missed, how members fall around those that the server adds.
#include <gtest/gtest.h>

#include "record/schema.h"

namespace tideway::record {
namespace {

const Field& field_of(const Object& object, std::string_view name) {
  return object.fields()[static_cast<size_t>(object.find(name))];
}

TEST(FieldPath, IsResolvedInsideTheObject) {
  const Object object = {
      number("value").range_by("units", {{"mmol/L", 0, 55}}).to_mmol("units"),
      string("units"),
  };
  const Field& value = field_of(object, "value");
  EXPECT_EQ(value.rules().front().path.text, "units");
  EXPECT_EQ(value.rules().front().path.field, 1);
  EXPECT_EQ(value.transform_units().field, 1);
}

TEST(FieldPath, IsLeftToTheRecordOtherwise) {
  const Object object = {
      number("value").range_by("/units/bg", {{"mmol/L", 0, 55}}).to_mmol("/units/bg"),
      number("other").only_with("nowhere"),
      number("plain").range(0, 1),
  };
  EXPECT_EQ(field_of(object, "value").rules().front().path.field, -1);
  EXPECT_EQ(field_of(object, "value").transform_units().text, "/units/bg");
  EXPECT_EQ(field_of(object, "value").transform_units().field, -1);
  EXPECT_EQ(field_of(object, "other").rules().front().path.field, -1);
  EXPECT_EQ(field_of(object, "plain").rules().front().path.field, -1);
}

TEST(Field, MayBeMissedWhereARuleAsksForIt) {
  EXPECT_TRUE(string("a").required().may_be_missed());
  EXPECT_TRUE(string("a").not_empty().required().may_be_missed());
  EXPECT_TRUE(string("a").required_unless_any({"b"}).may_be_missed());
  EXPECT_TRUE(string("a").required_with_any({"b"}).may_be_missed());
  EXPECT_TRUE(string("a").required_when_zero("b").may_be_missed());
  EXPECT_TRUE(string("a").together_with("b").may_be_missed());
}

TEST(Field, IsNotMissedOtherwise) {
  EXPECT_FALSE(string("a").may_be_missed());
  EXPECT_FALSE(string("a").text(10).may_be_missed());
  EXPECT_FALSE(string("a").only_with("b").may_be_missed());
  EXPECT_FALSE(string("a").checked_when("b", {"c"}).may_be_missed());
  EXPECT_FALSE(strings("a").unique().may_be_missed());
}

TEST(Object, GivesConstantsByName) {
  const Object object = {constant("type", "bolus"), constant("subType", "normal"), string("unit")};
  EXPECT_EQ(object.constant("type"), "bolus");
  EXPECT_EQ(object.constant("subType"), "normal");
  EXPECT_EQ(object.constant("unit"), "");
  EXPECT_EQ(object.constants_json(), R"({"type":"bolus","subType":"normal"})");
}

TEST(Object, WritesConstantsWithTheirValue) {
  const Object object = {constant("type", "bo\"lus"), string("unit")};
  EXPECT_EQ(object.written_key(0), R"("type":"bo\"lus")");
  EXPECT_EQ(object.written_key(1), R"("unit":)");
}

TEST(Object, CountsTheServersMembersBeforeAField) {
  const Object object = {string("deviceId"), string("id"),       string("idle"),
                         string("revision"), string("rate"),     string("type"),
                         string("uploadId"), string("uploadIds")};
  const auto segment = [&](std::string_view name) {
    return object.segment(static_cast<size_t>(object.find(name)));
  };
  EXPECT_EQ(segment("deviceId"), 0U);
  EXPECT_EQ(segment("id"), 1U);
  EXPECT_EQ(segment("idle"), 1U);
  EXPECT_EQ(segment("rate"), 1U);
  EXPECT_EQ(segment("revision"), 2U);
  EXPECT_EQ(segment("type"), 2U);
  EXPECT_EQ(segment("uploadId"), 3U);
  EXPECT_EQ(segment("uploadIds"), 3U);
}

// The name in the output decides, not the one that is read.
TEST(Object, CountsByTheNameThatIsWritten) {
  const Object object = {string("aaa").written_as("zzz")};
  EXPECT_EQ(object.segment(0), 3U);
}

}  // namespace
}  // namespace tideway::record

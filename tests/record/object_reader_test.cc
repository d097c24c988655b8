#include "record/object_reader.h"

#include <gtest/gtest.h>

#include "record/schema/upload.h"
#include "tests/record/reading.h"

namespace tideway::record {
namespace {

const Object& pair() {
  static const Object object = Object{string("name").not_empty(), integer("size")}.strict();
  return object;
}

TEST(ObjectReader, GivesTheFields) {
  ObjectReader reader;
  const auto value = reader.read(R"({"size":6e1,"name":"n"})", pair());
  ASSERT_TRUE(value);
  EXPECT_EQ(value->object, &pair());
  EXPECT_EQ(value->find("name")->text, "n");
  EXPECT_EQ(value->find("size")->number, 60);
}

TEST(ObjectReader, TakesNullForNothing) {
  ObjectReader reader;
  for (const char* const body : {"null", "{}", R"({"name":null})"}) {
    const auto value = reader.read(body, pair());
    ASSERT_TRUE(value) << body;
    EXPECT_EQ(value->find("name"), nullptr);
  }
}

TEST(ObjectReader, RefusesOtherDocuments) {
  ObjectReader reader;
  for (const char* const body : {"", "[]", "5", "\"x\"", "{", "{}x", "{\"size\":1e400}"}) {
    const auto value = reader.read(body, pair());
    ASSERT_FALSE(value) << body;
    EXPECT_EQ(value.error().kind, Refusal::Kind::kMalformed) << body;
    EXPECT_TRUE(value.error().errors.empty());
  }
}

TEST(ObjectReader, ReportsParseErrorsBeforeAllOthers) {
  EXPECT_EQ(errors_of(R"({"name":"","size":1.5})", pair()),
            (Lines{"/size type is not int, but float64"}));
  EXPECT_EQ(errors_of(R"({"name":"","size":1})", pair()), (Lines{"/name value is empty"}));
}

// Unknown members come behind the others' type errors, by name, each once.
TEST(ObjectReader, ReportsUnknownMembersOfAStrictObject) {
  EXPECT_EQ(errors_of(R"({"z":1,"size":"x","a":2,"z":3,"name":"n"})", pair()),
            (Lines{"/size type is not int, but string", "/a not parsed", "/z not parsed"}));
  EXPECT_EQ(errors_of(R"({"a/b":null})", pair()), (Lines{"/a~1b not parsed"}));
  const Object lenient = {string("name")};
  EXPECT_EQ(errors_of(R"({"other":1})", lenient), Lines());
}

TEST(ObjectReader, CanBeUsedAgain) {
  ObjectReader reader;
  EXPECT_FALSE(reader.read(R"({"name":""})", pair()));
  const auto value = reader.read(R"({"name":"n"})", pair());
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("name")->text, "n");
}

TEST(ObjectReader, ReadsDataSets) {
  EXPECT_EQ(errors_of(R"({"deviceTags":["bgm","pen"],"version":"1.0"})", upload()),
            (Lines{R"(/deviceTags/1 value "pen" is not one of )"
                   R"(["activity-monitor", "bgm", "cgm", "insulin-pump"])",
                   "/version length 3 is not greater than or equal to 5"}));
  EXPECT_EQ(errors_of(R"({"guid":"x","client":{"unknown":1}})", upload()),
            (Lines{"/guid not parsed"}));
}

}  // namespace
}  // namespace tideway::record

#include "record/validate.h"

#include <gtest/gtest.h>

#include "tests/record/reading.h"

namespace tideway::record {
namespace {

const std::string kNotExists = " value does not exist";

const Object& item() {
  static const Object object = {string("name").required(), integer("start")};
  return object;
}

TEST(Validate, LooksIntoEveryNestedValue) {
  const Object outer = {object("o", item), objects("l", item), object_map("m", item),
                        objects_map("ml", item)};
  EXPECT_EQ(
      errors_of(R"({"o":{},"l":[{"name":""},{}],"m":{"b":{},"a":{}},"ml":{"k":[{}]}})", outer),
      (Lines{"/o/name" + kNotExists, "/l/1/name" + kNotExists, "/m/a/name" + kNotExists,
             "/m/b/name" + kNotExists, "/ml/k/0/name" + kNotExists}));
}

TEST(Validate, MissesNullItems) {
  const Object outer = {objects("l", item), object_map("m", item), objects_map("ml", item),
                        metadatas("d")};
  EXPECT_EQ(
      errors_of(R"({"l":[null],"m":{"k":null},"ml":{"k":null,"n":[null]},"d":[null]})", outer),
      (Lines{"/l/0" + kNotExists, "/m/k" + kNotExists, "/ml/k" + kNotExists, "/ml/n/0" + kNotExists,
             "/d/0" + kNotExists}));
}

// docs/spec/datatypes-common.md 3.5
TEST(Validate, MeasuresMetadata) {
  const Object outer = {metadata("m"), metadatas("l")};
  const auto sized = [](size_t letters) {
    return R"({"size":")" + std::string(letters, 'x') + "\"}";
  };
  EXPECT_EQ(errors_of("{\"m\":" + sized(4085) + "}", outer), Lines());
  EXPECT_EQ(errors_of("{\"m\":" + sized(4086) + "}", outer),
            (Lines{"/m size 4097 is not less than or equal to 4096"}));
  EXPECT_EQ(errors_of("{\"l\":[" + sized(1) + "," + sized(4086) + "]}", outer),
            (Lines{"/l/1 size 4097 is not less than or equal to 4096"}));
  EXPECT_EQ(errors_of(R"({"m":{},"l":[{"a":null}]})", outer),
            (Lines{"/m value is empty", "/l/0 value is empty"}));
  // An escaped character counts as it is written.
  const std::string escaped = R"({"m":{"a":")" + std::string(682, '<');
  EXPECT_EQ(errors_of(escaped + "\"}}", outer),
            (Lines{"/m size 4100 is not less than or equal to 4096"}));
}

// docs/spec/datatypes-device.md 1.6
TEST(Validate, ChecksTheStartsOfASchedule) {
  const Object outer = {objects("l", item).starts()};
  const auto starts = [&](const std::string& list) {
    std::string body = R"({"l":[)";
    for (size_t at = 0; at < list.size(); ++at) {
      const size_t end = std::min(list.find(' ', at), list.size());
      if (at > 0) body += ',';
      const std::string start = list.substr(at, end - at);
      body += R"({"name":"n")" + (start == "-" ? "" : ",\"start\":" + start) + '}';
      at = end;
    }
    return errors_of(body + "]}", outer);
  };
  EXPECT_EQ(starts("0"), Lines());
  EXPECT_EQ(starts("0 1 86400000"), Lines());
  EXPECT_EQ(starts("5"), (Lines{"/l/0/start value 5 is not equal to 0"}));
  EXPECT_EQ(starts("0 0"), (Lines{"/l/1/start value 0 is not between 1 and 86400000"}));
  EXPECT_EQ(starts("0 7 7"), (Lines{"/l/2/start value 7 is not between 8 and 86400000"}));
  EXPECT_EQ(starts("0 86400001"),
            (Lines{"/l/1/start value 86400001 is not between 1 and 86400000"}));
  EXPECT_EQ(starts("- 0"),
            (Lines{"/l/0/start" + kNotExists, "/l/1/start value 0 is not between 1 and 86400000"}));
}

TEST(Validate, AsksForOneOfSeveral) {
  const Object any = Object{string("a"), string("b"), string("c").not_empty()}.any_of({"a", "b"});
  EXPECT_EQ(errors_of(R"({"b":""})", any), Lines());
  // Reported at the object, behind the fields' own errors.
  EXPECT_EQ(errors_of(R"({"c":""})", any),
            (Lines{"/c value is empty", R"( values do not exist for any of ["a", "b"])"}));
  const Object one =
      Object{string("a"), string("b"), string("c")}.one_of({"a", "b"}, {"a", "b", "c"});
  EXPECT_EQ(errors_of("{}", one), (Lines{R"( values do not exist for one of ["a", "b"])"}));
  EXPECT_EQ(errors_of(R"({"c":""})", one), Lines());
}

void check_sum(const CheckContext& context) {
  const Value* const a = context.find("a");
  if (a != nullptr && a->number > 5) context.report.exists(context.path);
}

TEST(Validate, RunsTheCheckOfAnObjectFirst) {
  const Object object = Object{number("a").range(0, 1)}.check("a is not above 5", check_sum);
  EXPECT_EQ(errors_of(R"({"a":6})", object),
            (Lines{" value exists", "/a value 6 is not between 0 and 1"}));
  EXPECT_EQ(object.check_description(), "a is not above 5");
}

const Object& inner() {
  static const Object object = {number("v").range_by("/units/bg", {{"mmol/L", 0, 55}})};
  return object;
}

const Object& units() {
  static const Object object = {string("bg")};
  return object;
}

TEST(Validate, FollowsPathsFromTheRecord) {
  const Object record = {object("units", units), object("o", inner), objects("l", inner)};
  EXPECT_EQ(
      errors_of(R"({"units":{"bg":"mmol/L"},"o":{"v":56},"l":[{"v":1},{"v":57}]})", record),
      (Lines{"/o/v value 56 is not between 0 and 55", "/l/1/v value 57 is not between 0 and 55"}));
  EXPECT_EQ(errors_of(R"({"units":{"bg":"other"},"o":{"v":56}})", record), Lines());
  EXPECT_EQ(errors_of(R"({"units":{},"o":{"v":56}})", record), Lines());
  EXPECT_EQ(errors_of(R"({"o":{"v":56}})", record), Lines());
}

TEST(CheckContext, FindsFieldsNearAndFar) {
  ObjectReader reader;
  const Object record = {object("units", units), string("s")};
  const auto value = reader.read(R"({"units":{"bg":"x"},"s":"t"})", record);
  ASSERT_TRUE(value);
  Report report;
  const Path path;
  const ObjectValue inside = value->find("units")->object();
  const Root root(*value);
  const CheckContext context{inside, root, path, report};
  EXPECT_EQ(context.text(std::string_view("bg")), "x");
  EXPECT_EQ(context.text(std::string_view("/units/bg")), "x");
  EXPECT_EQ(context.text(std::string_view("/s")), "t");
  EXPECT_EQ(context.text(std::string_view("s")), "");
  EXPECT_EQ(context.find(std::string_view("/units/none")), nullptr);
  EXPECT_EQ(context.find(std::string_view("/none/bg")), nullptr);
  EXPECT_EQ(context.text(std::string_view("/units/bg")), "x");
}

}  // namespace
}  // namespace tideway::record

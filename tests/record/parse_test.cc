#include "record/parse.h"

#include <gtest/gtest.h>

#include "tests/record/reading.h"

namespace tideway::record {
namespace {

const Object& point() {
  static const Object object = {number("x"), string("y")};
  return object;
}

const Dispatch& shapes() {
  static const Dispatch dispatch = {"kind", {{"point", point}, {"other", point}}};
  return dispatch;
}

const Object& everything() {
  static const Object all_kinds = {
      string("string"),
      integer("integer"),
      number("number"),
      boolean("boolean"),
      instant("instant"),
      local_time("localTime"),
      object("object", point),
      objects("objects", point),
      strings("strings"),
      object_map("objectMap", point),
      objects_map("objectsMap", point),
      metadata("metadata"),
      metadatas("metadatas"),
      variant("variant", shapes),
  };
  return all_kinds;
}

class Parse : public testing::Test {
 protected:
  /// The value of one field; the reader keeps it.
  const Value& value(const std::string& name, const std::string& json) {
    read_ = reader_.read("{\"" + name + "\":" + json + "}", everything());
    EXPECT_TRUE(read_) << json;
    static const Value kAbsent{};
    const Value* const found = read_ ? read_->find(name) : nullptr;
    return found == nullptr ? kAbsent : *found;
  }

  Lines errors(const std::string& name, const std::string& json) {
    return errors_of("{\"" + name + "\":" + json + "}", everything());
  }

  ObjectReader reader_;
  std::expected<ObjectValue, Refusal> read_;
};

TEST_F(Parse, ReadsScalars) {
  EXPECT_EQ(value("string", R"("a\u00e9")").text, "aé");
  EXPECT_EQ(value("integer", "60.0").number, 60);
  EXPECT_EQ(value("integer", "6e1").number, 60);
  EXPECT_EQ(value("integer", "-9223372036854775808").number, -9223372036854775808.0);
  EXPECT_EQ(value("integer", "1e300").number, -9223372036854775808.0);
  EXPECT_EQ(value("number", "0.5").number, 0.5);
  EXPECT_EQ(value("number", "18446744073709551616").number, 18446744073709551616.0);
  EXPECT_TRUE(value("boolean", "true").boolean);
  EXPECT_FALSE(value("boolean", "false").boolean);
  EXPECT_TRUE(value("boolean", "false").present);
}

TEST_F(Parse, TakesNullForAbsent) {
  for (const Field& field : everything().fields()) {
    EXPECT_FALSE(value(std::string(field.name()), "null").present) << field.name();
  }
}

TEST_F(Parse, ReadsTimes) {
  EXPECT_EQ(value("instant", R"("2024-03-12T09:05:00.5-04:00")").time,
            (Time{1710248700, 500'000'000, -14400}));
  EXPECT_EQ(value("localTime", R"("1970-01-01T0:00:01")").time, (Time{1, 0, 0}));
}

// docs/spec/datatypes-common.md 1.4
TEST_F(Parse, RefusesOtherKinds) {
  const struct {
    const char* name;
    const char* wanted;
    std::vector<std::string> bad;
  } rows[] = {
      {"string", "string", {"1", "true", "[]", "{}"}},
      {"integer", "int", {"\"1\"", "true", "60.5", "1e-300"}},
      {"number", "float64", {"\"1\"", "false", "[]"}},
      {"boolean", "bool", {"1", "\"true\""}},
      {"instant", "time", {"1", "{}"}},
      {"localTime", "time", {"true"}},
      {"object", "object", {"[]", "\"x\""}},
      {"objects", "array", {"{}", "1"}},
      {"strings", "array", {"\"x\""}},
      {"objectMap", "object", {"[]"}},
      {"objectsMap", "object", {"[]"}},
      {"metadata", "object", {"[]", "\"{}\""}},
      {"metadatas", "array", {"{}"}},
      {"variant", "object", {"[]"}},
  };
  for (const auto& row : rows) {
    for (const std::string& bad : row.bad) {
      const Lines found = errors(row.name, bad);
      ASSERT_EQ(found.size(), 1U) << row.name << ' ' << bad;
      EXPECT_TRUE(found[0].starts_with(std::string("/") + row.name + " type is not " + row.wanted +
                                       ", but "))
          << found[0];
    }
  }
}

TEST_F(Parse, RefusesTimesThatCannotBeReadOrPrinted) {
  const std::string format =
      R"( is not a parsable time of format "2006-01-02T15:04:05.999999999Z07:00")";
  for (const char* const bad : {R"("")", R"("2024-03-12")", R"("0000-01-01T00:00:00+01:00")",
                                R"("9999-12-31T23:59:59-01:00")"}) {
    EXPECT_EQ(errors("instant", bad), (Lines{std::string("/instant value ") + bad + format}));
  }
  EXPECT_EQ(errors("localTime", R"("2024-03-12T13:05:00Z")"),
            (Lines{R"(/localTime value "2024-03-12T13:05:00Z" is not a parsable time of format )"
                   R"("2006-01-02T15:04:05")"}));
}

TEST_F(Parse, ReadsNestedObjects) {
  const Value& found = value("object", R"({"x":1,"unknown":2})");
  EXPECT_EQ(found.shape.object, &point());
  EXPECT_EQ(found.object().find("x")->number, 1);
  EXPECT_EQ(found.object().find("y"), nullptr);
  EXPECT_EQ(errors("object", R"({"x":"a","y":1})"),
            (Lines{"/object/x type is not float64, but string",
                   "/object/y type is not string, but float64"}));
}

TEST_F(Parse, ReadsArrays) {
  const Value& objects = value("objects", R"([{"x":1},{"x":2}])");
  ASSERT_EQ(objects.items.size(), 2U);
  EXPECT_EQ(objects.items[1].object().find("x")->number, 2);
  const Value& strings = value("strings", R"(["a",null,""])");
  ASSERT_EQ(strings.items.size(), 3U);
  EXPECT_TRUE(strings.items[1].present);
  EXPECT_EQ(strings.items[1].text, "");
  EXPECT_TRUE(value("strings", "[]").present);
  EXPECT_EQ(errors("strings", R"(["a",1,true])"),
            (Lines{"/strings/1 type is not string, but float64",
                   "/strings/2 type is not string, but bool"}));
  EXPECT_EQ(errors("objects", R"([{"x":1},null,5])"),
            (Lines{"/objects/2 type is not object, but float64"}));
}

TEST_F(Parse, ReadsMapsByKey) {
  const Value& map = value("objectMap", R"({"b":{"x":2},"a":{"x":1},"":{"x":3},"b":{"x":4}})");
  ASSERT_EQ(map.items.size(), 3U);
  EXPECT_EQ(map.keys[0], "");
  EXPECT_EQ(map.keys[1], "a");
  EXPECT_EQ(map.keys[2], "b");
  EXPECT_EQ(map.items[2].object().find("x")->number, 4);
  const Value& lists = value("objectsMap", R"({"k":[{"x":1},{"x":2}]})");
  ASSERT_EQ(lists.items.size(), 1U);
  EXPECT_EQ(lists.items[0].items.size(), 2U);
  EXPECT_EQ(errors("objectMap", R"({"a/b":5})"),
            (Lines{"/objectMap/a~1b type is not object, but float64"}));
}

TEST_F(Parse, KeepsMetadataAsCanonicalText) {
  EXPECT_EQ(value("metadata", R"({"b":[1.0,{"d":null,"c":"<"}],"a":null})").text,
            R"({"b":[1,{"c":"\u003c","d":null}]})");
  EXPECT_EQ(value("metadatas", R"([{"a":1.50}])").items[0].text, R"({"a":1.5})");
  const Object keeping = {metadata("m").keeps_nulls()};
  ObjectReader reader;
  EXPECT_EQ(reader.read(R"({"m":{"a":null}})", keeping)->find("m")->text, R"({"a":null})");
}

TEST_F(Parse, ChoosesVariants) {
  EXPECT_EQ(value("variant", R"({"x":1,"kind":"point"})").object().find("x")->number, 1);
  EXPECT_EQ(errors("variant", "{}"), (Lines{"/variant/kind value does not exist"}));
  EXPECT_EQ(errors("variant", R"({"kind":1})"),
            (Lines{"/variant/kind type is not string, but float64",
                   "/variant/kind value does not exist"}));
  EXPECT_EQ(errors("variant", R"({"kind":"x"})"),
            (Lines{R"(/variant/kind value "x" is not one of ["point", "other"])"}));
  // Of equal keys the last chooses.
  EXPECT_EQ(errors("variant", R"({"kind":"x","kind":"other"})"), Lines());
}

TEST_F(Parse, ReportsInTheOrderOfParsing) {
  const Object reordered = Object{string("base"), string("a"), string("b")}.parsed_as({"b", "a"});
  EXPECT_EQ(errors_of(R"({"a":1,"b":1,"base":1})", reordered),
            (Lines{"/base type is not string, but float64", "/b type is not string, but float64",
                   "/a type is not string, but float64"}));
}

}  // namespace
}  // namespace tideway::record

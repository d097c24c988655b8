#include "json/canonical.h"

#include <gtest/gtest.h>

namespace tideway::json {
namespace {

std::string canonical(const std::string& text) {
  Parser parser;
  std::string out;
  append_canonical(out, parser.parse(text).value());
  return out;
}

struct Row {
  const char* text;
  const char* canonical;
};

TEST(Canonical, IsCompact) {
  EXPECT_EQ(canonical(" { \"a\" : [ 1 , { } , [ ] , null , true , false ] } "),
            R"({"a":[1,{},[],null,true,false]})");
}

TEST(Canonical, SortsKeysBytewiseAtEveryDepth) {
  const Row rows[] = {
      {R"({"b":1,"a":2})", R"({"a":2,"b":1})"},
      {R"({"a":1,"_":2,"Z":3,"":4,"aa":5})", R"({"":4,"Z":3,"_":2,"a":1,"aa":5})"},
      {R"({"x":{"b":1,"a":[{"d":1,"c":2}]}})", R"({"x":{"a":[{"c":2,"d":1}],"b":1}})"},
      // By bytes of UTF-8, not as char or UTF-16 would sort.
      {R"({"é":1,"z":2,"~":3})", R"({"z":2,"~":3,"é":1})"},
      {R"({"\ud83d\ude00":1,"\uffee":2})", "{\"\uffee\":2,\"😀\":1}"},
      {R"({"a\u0000":1,"a":2})", R"({"a":2,"a\u0000":1})"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.canonical);
}

TEST(Canonical, KeepsTheLastOfEqualKeys) {
  const Row rows[] = {
      {R"({"a":1,"a":2})", R"({"a":2})"},
      {R"({"a":1,"b":2,"a":3,"b":4,"a":5})", R"({"a":5,"b":4})"},
      {R"({"a":{"x":1},"a":{"y":2}})", R"({"a":{"y":2}})"},
      {R"({"a":1,"\u0061":2})", R"({"a":2})"},
      {R"({"a":1,"a":null})", R"({"a":null})"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.canonical);
}

TEST(Canonical, KeepsTheOrderOfArrays) {
  EXPECT_EQ(canonical("[3,1,2,1]"), "[3,1,2,1]");
  EXPECT_EQ(canonical("[[],[[]],[null,[]]]"), "[[],[[]],[null,[]]]");
}

TEST(Canonical, WritesNumbersAndStringsAsTheWireDoes) {
  const Row rows[] = {
      {"5.0", "5"},
      {"1e21", "1e+21"},
      {"0.0000001", "1e-7"},
      {"9007199254740993", "9007199254740992"},
      {"18446744073709551615", "18446744073709552000"},
      {"-0.0", "-0"},
      {R"("<&>\u2028\/")", R"("\u003c\u0026\u003e\u2028/")"},
      {R"({"<":"\u0001"})", R"({"\u003c":"\u0001"})"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.canonical);
}

struct Object {
  std::string text;
  bool has_members;

  bool operator==(const Object&) const = default;
};

Object object(const std::string& text, TopLevelNulls nulls) {
  Parser parser;
  Object result;
  result.has_members =
      append_canonical_object(result.text, parser.parse(text)->get_object().value(), nulls);
  return result;
}

TEST(CanonicalObject, DropsNullsOfTheTopLevelOnly) {
  const char* const text = R"({"b":null,"a":{"x":null},"c":[null]})";
  EXPECT_EQ(object(text, TopLevelNulls::kDrop), (Object{R"({"a":{"x":null},"c":[null]})", true}));
  EXPECT_EQ(object(text, TopLevelNulls::kKeep),
            (Object{R"({"a":{"x":null},"b":null,"c":[null]})", true}));
}

TEST(CanonicalObject, TellsWhetherAnythingIsLeft) {
  EXPECT_EQ(object("{}", TopLevelNulls::kKeep), (Object{"{}", false}));
  EXPECT_EQ(object("{}", TopLevelNulls::kDrop), (Object{"{}", false}));
  EXPECT_EQ(object(R"({"a":null})", TopLevelNulls::kDrop), (Object{"{}", false}));
  EXPECT_EQ(object(R"({"a":null})", TopLevelNulls::kKeep), (Object{R"({"a":null})", true}));
}

// A null that comes last is what the key means, so the member is dropped, not the null alone.
TEST(CanonicalObject, DropsAKeyWhoseLastValueIsNull) {
  EXPECT_EQ(object(R"({"a":1,"a":null})", TopLevelNulls::kDrop), (Object{"{}", false}));
  EXPECT_EQ(object(R"({"a":null,"a":1})", TopLevelNulls::kDrop), (Object{R"({"a":1})", true}));
}

TEST(CanonicalObject, Appends) {
  Parser parser;
  std::string out = "x";
  append_canonical_object(out, parser.parse("{\"a\":1}")->get_object().value(),
                          TopLevelNulls::kKeep);
  EXPECT_EQ(out, "x{\"a\":1}");
}

TEST(Canonical, IsItsOwnCanonicalForm) {
  const char* const texts[] = {
      R"({"b":[1,{"y":-0,"x":1e-7}],"a":"\u2028<","":null})",
      R"([0.1,1e22,123456789012345680000,"é\n",[[]],{}])",
  };
  for (const char* const text : texts) EXPECT_EQ(canonical(canonical(text)), canonical(text));
}

}  // namespace
}  // namespace tideway::json

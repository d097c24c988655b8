// Each rule of the tidy test on a file that keeps it and on files that break it.
#include "tests/tidy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tideway::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string lines(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "x;\n";
  return text;
}

TEST(TidyFileLength, AllowsFiveHundredLines) {
  EXPECT_THAT(check_file_length({"src/base/a.cc", lines(500)}), IsEmpty());
  EXPECT_THAT(check_file_length({"src/base/a.cc", lines(501)}),
              ElementsAre("src/base/a.cc:501: file has more than 500 lines"));
  EXPECT_THAT(check_file_length({"src/record/schema/basal.cc", lines(501)}), IsEmpty());
}

TEST(TidyFunctionLength, AllowsSeventyLines) {
  EXPECT_THAT(check_function_length({"a.cc", "void f() {\n" + lines(68) + "}\n"}), IsEmpty());
  EXPECT_THAT(check_function_length({"a.cc", "\nvoid f() {\n" + lines(69) + "}\n"}),
              ElementsAre("a.cc:2: function has 71 lines: void f()"));
}

TEST(TidyWhiteSpace, FindsEachKind) {
  EXPECT_THAT(check_white_space({"a.cc", "int a;\n"}), IsEmpty());
  EXPECT_THAT(check_white_space({"a.cc", "\tint a;\n"}), ElementsAre("a.cc:1: tab"));
  EXPECT_THAT(check_white_space({"a.cc", "\nint a; \n"}), ElementsAre("a.cc:2: blank at the end"));
  EXPECT_THAT(check_white_space({"a.cc", "int a;\r\n"}), ElementsAre("a.cc:1: carriage return"));
  EXPECT_THAT(check_white_space({"a.cc", "int a;"}),
              ElementsAre("a.cc:1: file does not end in one line feed"));
  EXPECT_THAT(check_white_space({"a.cc", "int a;\n\n"}),
              ElementsAre("a.cc:2: file does not end in one line feed"));
}

TEST(TidyMarks, FindsWholeWordsOnly) {
  const std::string mark = std::string("TO") + "DO";
  EXPECT_THAT(check_marks({"a.cc", "// later " + mark + ": all\n"}),
              ElementsAre("a.cc:1: " + mark + " left in the source"));
  EXPECT_THAT(check_marks({"a.cc", "mkstemp(\"/tmp/" + std::string(6, 'X') + "\");\n"}), IsEmpty());
}

TEST(TidyPragmaOnce, WantsItFirst) {
  EXPECT_THAT(check_pragma_once({"a.h", "// What it is.\n#pragma once\n"}), IsEmpty());
  EXPECT_THAT(check_pragma_once({"a.cc", "int a;\n"}), IsEmpty());
  EXPECT_EQ(check_pragma_once({"a.h", "#include <map>\n#pragma once\n"}).size(), 1u);
  EXPECT_EQ(check_pragma_once({"a.h", "int a;\n"}).size(), 1u);
}

TEST(TidyIncludes, KeepsToTheTable) {
  const LayerTable table{{"base", {}}, {"store", {"base"}}, {"cli", {"base", "store"}}};
  EXPECT_THAT(check_includes({"src/store/a.cc",
                              "#include \"base/time.h\"\n#include <map>\n"
                              "#include \"store/store.h\"\n"},
                             table),
              IsEmpty());
  EXPECT_THAT(check_includes({"src/base/a.cc", "\n#include \"store/store.h\"\n"}, table),
              ElementsAre("src/base/a.cc:2: base may not include store/"));
  EXPECT_THAT(check_includes({"src/main.cc", "#include \"base/time.h\"\n"}, table),
              ElementsAre("src/main.cc:1: main.cc may not include base/"));
}

TEST(TidyIncludes, WantsPathsFromSrc) {
  const LayerTable table{{"base", {}}};
  EXPECT_THAT(check_includes({"src/base/a.cc", "#include \"time.h\"\n"}, table),
              ElementsAre("src/base/a.cc:1: \"time.h\" is no path from src/"));
  EXPECT_THAT(check_includes({"src/base/a.cc", "#include \"../src/base/time.h\"\n"}, table),
              ElementsAre("src/base/a.cc:1: \"../src/base/time.h\" is no path from src/"));
}

TEST(LayerTable, ReadsTheCallsOfTheBuild) {
  const LayerTable table = parse_layer_table(
      "function(tideway_layer NAME)\nendfunction()\n\ntideway_layer(base LIBS x::y)\n"
      "tideway_layer(store DEPS base\n  json LIBS z)\ntideway_layer(last)\n");
  EXPECT_EQ(table, (LayerTable{{"base", {}}, {"store", {"base", "json"}}, {"last", {}}}));
}

TEST(SourceFile, SplitsIntoLines) {
  EXPECT_THAT((SourceFile{"a", "one\n\ntwo"}.lines()), ElementsAre("one", "", "two"));
  EXPECT_THAT((SourceFile{"a", ""}.lines()), IsEmpty());
}

}  // namespace
}  // namespace tideway::tidy

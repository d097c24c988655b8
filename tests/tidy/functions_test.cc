// The scanner that finds functions, on small samples of everything that has ever fooled it.
#include "tests/tidy/functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tideway::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> heads(std::string_view text) {
  std::vector<std::string> result;
  for (const FunctionSpan& span : find_functions(text)) result.push_back(span.head);
  return result;
}

TEST(FindFunctions, CountsTheLinesFromBraceToBrace) {
  const auto spans = find_functions(
      "int f() {\n  return 1;\n}\n\nint g(\n    int x) {\n  if (x) {\n  }\n  return x;\n}\n");
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].line_first, 1u);
  EXPECT_EQ(spans[0].line_count, 3u);
  EXPECT_EQ(spans[1].head, "int g( int x)");
  EXPECT_EQ(spans[1].line_first, 6u);
  EXPECT_EQ(spans[1].line_count, 5u);
}

TEST(FindFunctions, LooksIntoNamespacesAndClasses) {
  EXPECT_THAT(heads("namespace a::b {\nnamespace {\nclass C final : public D<int> {\n public:\n"
                    "  C() {}\n  int size() const { return 1; }\n};\n}\n}\n"),
              ElementsAre("public: C()", "int size() const"));
}

TEST(FindFunctions, TakesTemplatesAndOperators) {
  EXPECT_THAT(heads("template <class T>\nstruct S {};\ntemplate <class T>\nvoid f(T t) {\n}\n"
                    "bool operator==(const S& a) {\n}\nint operator()(int x) {\n}\n"),
              ElementsAre("template <class T> void f(T t)", "bool operator==(const S& a)",
                          "int operator()(int x)"));
}

TEST(FindFunctions, SeesBodiesBehindMemberInitialisers) {
  EXPECT_THAT(heads("Point::Point(int x) : x_{x}, y_(2) {\n  run();\n}\n"),
              ElementsAre("Point::Point(int x) : x_, y_(2)"));
}

TEST(FindFunctions, KeepsFunctionsThatReturnAStruct) {
  EXPECT_THAT(heads("struct tm local(int x) {\n}\nstruct A {\n  int a(int b = 3) {\n  }\n};\n"),
              ElementsAre("struct tm local(int x)", "int a(int b = 3)"));
}

TEST(FindFunctions, PassesOverData) {
  EXPECT_THAT(
      heads("const int kTable[] = {1, 2, f(3)};\nconst auto kF = [](int x) {\n  return x;\n};\n"
            "enum class E { kA, kB };\nconstexpr Point kP{1, 2};\n"),
      IsEmpty());
}

TEST(FindFunctions, PassesOverMacroCalls) {
  EXPECT_THAT(heads("RULE(a(int x), .k = 1)\nRULE(b(), .names = {x})\n\nint f() {\n}\n"),
              ElementsAre("int f()"));
}

TEST(FindFunctions, IsNotFooledByTextAndComments) {
  EXPECT_THAT(
      heads("// void a() {\n/* void b() { */\nconst char* k = \"void c() {\";\nchar d = '{';\n"
            "const char* r = R\"x(void e() { )\" )x\";\n#define OPEN() {\nvoid f() {}\n"),
      ElementsAre("void f()"));
}

TEST(FindFunctions, ReadsDigitSeparatorsAsNumbers) {
  EXPECT_THAT(heads("constexpr int kBig = 1'000'000;\nvoid f() {}\n"), ElementsAre("void f()"));
}

TEST(FindFunctions, CountsAFunctionOnceWithAllThatIsInside) {
  const auto spans = find_functions(
      "void f() {\n  auto g = [](int x) {\n    return x;\n  };\n  struct L {\n    int m() {\n"
      "      return 1;\n    }\n  };\n}\n");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].line_count, 10u);
}

TEST(BlankOut, KeepsLinesAndLengths) {
  const std::string text =
      "int a;  // one\nchar* s = \"{\";\n#define X \\\n  {\nint b; /* two\nlines */\n";
  const std::string blanked = blank_out(text);
  EXPECT_EQ(blanked.size(), text.size());
  EXPECT_EQ(std::ranges::count(blanked, '\n'), std::ranges::count(text, '\n'));
  EXPECT_EQ(blanked.find('{'), std::string::npos);
  EXPECT_EQ(blanked.find("one"), std::string::npos);
  EXPECT_NE(blanked.find("int b;"), std::string::npos);
}

}  // namespace
}  // namespace tideway::tidy

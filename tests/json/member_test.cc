#include "json/member.h"

#include <gtest/gtest.h>

namespace tideway::json {
namespace {

TEST(FindMember, FindsValuesOfEveryKind) {
  const std::string_view text =
      R"("a":1,"b":"x","c":{"d":[1,{"e":"}"}]},"d":[],"e":null,"f":-1.5e9)";
  EXPECT_EQ(find_member(text, "a"), "1");
  EXPECT_EQ(find_member(text, "b"), R"("x")");
  EXPECT_EQ(find_member(text, "c"), R"({"d":[1,{"e":"}"}]})");
  EXPECT_EQ(find_member(text, "d"), "[]");  // and not the one inside
  EXPECT_EQ(find_member(text, "e"), "null");
  EXPECT_EQ(find_member(text, "f"), "-1.5e9");
  EXPECT_EQ(find_member(text, "g"), std::nullopt);
  EXPECT_EQ(find_member("", "a"), std::nullopt);
}

TEST(FindMember, TakesNoTextForAName) {
  const std::string_view text = R"("a":"\",\"b\":1","c":"b","\"b":2,"b":3)";
  EXPECT_EQ(find_member(text, "b"), "3");
  EXPECT_EQ(find_member(text, "c"), R"("b")");
}

TEST(FindMember, BearsCommasAroundAndTextThatIsCutOff) {
  EXPECT_EQ(find_member(R"(,"a":1,)", "a"), "1");
  EXPECT_EQ(find_member(R"(,"a":1,)", "b"), std::nullopt);
  for (const std::string_view text : {"\"", "\"a", "\"a\"", "\"a\\", "\"b\":\"x", "\"b\":{"}) {
    EXPECT_EQ(find_member(text, "a"), std::nullopt) << text;
  }
  EXPECT_EQ(find_member(R"("a":)", "a"), std::nullopt);
}

TEST(MembersOf, AreThoseOfAnObject) {
  EXPECT_EQ(members_of(R"({"a":{}})"), R"("a":{})");
  for (const std::string_view text : {"", "{", "{}", "[1]", "\"{}\"", "1"}) {
    EXPECT_EQ(members_of(text), "") << text;
  }
}

TEST(IsString, ComparesWhatIsWritten) {
  EXPECT_TRUE(is_string(R"("a\"b")", "a\"b"));
  EXPECT_FALSE(is_string("a", "a"));
  EXPECT_FALSE(is_string(R"("a")", "b"));
}

}  // namespace
}  // namespace tideway::json

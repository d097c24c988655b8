#include "server/field_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tideway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FieldText, ComparesAsciiLettersOnlyWithoutCase) {
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "cONTENT-tYPE"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));        // differ in the case bit, but no letters
  EXPECT_FALSE(equals_ignoring_case("\xc4", "\xe4"));  // letters of Latin-1
  EXPECT_TRUE(equals_ignoring_case("", ""));
}

TEST(FieldText, UpperCase) { EXPECT_EQ(to_upper("pAtCh-1{}z"), "PATCH-1{}Z"); }

TEST(FieldText, TrimsSpacesAndTabs) {
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("\na"), "\na");
}

TEST(FieldText, SplitsLists) {
  EXPECT_THAT(list_elements("gzip, br ,\tidentity"), ElementsAre("gzip", "br", "identity"));
  EXPECT_THAT(list_elements(",, a,,"), ElementsAre("a"));
  EXPECT_THAT(list_elements(""), IsEmpty());
  EXPECT_THAT(list_elements(" "), IsEmpty());
}

TEST(FieldText, ControlCharactersAreNoFieldValue) {
  EXPECT_TRUE(is_field_value("plain\ttext \xc3\xa9 ~"));
  EXPECT_TRUE(is_field_value(""));
  for (const char bad : {'\r', '\n', '\0', '\x1f', '\x7f'}) {
    EXPECT_FALSE(is_field_value(std::string("a") + bad + "b")) << int{bad};
  }
}

}  // namespace
}  // namespace tideway::server

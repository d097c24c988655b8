#include "api/path_variable.h"

#include <gtest/gtest.h>

namespace tideway::api {
namespace {

TEST(PathVariableTest, DecodesEscapesOnly) {
  EXPECT_EQ(decode_path_variable(""), "");
  EXPECT_EQ(decode_path_variable("3f9c1a7b42"), "3f9c1a7b42");
  EXPECT_EQ(decode_path_variable("rey%40example.org"), "rey@example.org");
  EXPECT_EQ(decode_path_variable("kc%3Aa%3ab"), "kc:a:b");
  EXPECT_EQ(decode_path_variable("rey+x@example.org"), "rey+x@example.org") << "no form encoding";
  EXPECT_EQ(decode_path_variable("%25%34%30"), "%40") << "decoded once";
  EXPECT_EQ(decode_path_variable("a%00b"), std::string("a\0b", 3));
}

TEST(PathVariableTest, ABadEscapeIsNoValue) {
  for (const auto* text : {"%", "a%", "%4", "a%4", "%zz", "%4g", "%%34", "% 4"}) {
    EXPECT_FALSE(decode_path_variable(text)) << text;
  }
}

}  // namespace
}  // namespace tideway::api

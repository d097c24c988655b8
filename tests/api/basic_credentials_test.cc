#include "api/basic_credentials.h"

#include <gtest/gtest.h>

namespace tideway::api {
namespace {

void expect_parsed(std::string_view header, std::string_view email, std::string_view password) {
  const auto credentials = parse_basic(header);
  ASSERT_TRUE(credentials) << header;
  EXPECT_EQ(credentials->email, email) << header;
  EXPECT_EQ(credentials->password, password) << header;
}

TEST(BasicCredentialsTest, TheExampleOfTheSpecification) {
  expect_parsed("Basic cmV5QGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U=", "rey@example.org",
                "correct-horse");
}

TEST(BasicCredentialsTest, TheSchemeWordIsNotChecked) {
  for (const auto* scheme : {"Basic ", "basic ", "Bearer ", "x ", " "}) {
    expect_parsed(std::string(scheme) + "YTpi", "a", "b");
  }
}

TEST(BasicCredentialsTest, ThePasswordIsEverythingBehindTheFirstColon) {
  expect_parsed("Basic YTpiOmM6ZA==", "a", "b:c:d");
  expect_parsed("Basic YTo6", "a", ":");
}

TEST(BasicCredentialsTest, OneEmptyPartIsALoginThatFailsLater) {
  expect_parsed("Basic YTo=", "a", "");
  expect_parsed("Basic OmI=", "", "b");
}

TEST(BasicCredentialsTest, AnyBytesMayBeInside) {
  expect_parsed("Basic w6Q6/wBi", "ä", std::string_view("\xff\0b", 3));
}

TEST(BasicCredentialsTest, EverythingElseIsMissingCredentials) {
  for (const auto* header : {"", "Basic", "YTpi",                    // no space
                             "Basic ", "Basic Og==",                 // both parts empty
                             "Basic YWI=",                           // no colon
                             "Basic YTo", "Basic YTpiO", "Basic Y",  // no padding, or cut
                             "Basic YTpi=", "Basic YTpi YTpi", "Basic  YTpi", "Basic YTpi\n",
                             "Basic Y-_i", "Basic !!!!"}) {
    EXPECT_FALSE(parse_basic(header)) << header;
  }
}

}  // namespace
}  // namespace tideway::api

// Each row of the table "Create" in docs/spec/http.md 2.2.
#include "api/new_user_json.h"

#include <gtest/gtest.h>

namespace tideway::api {
namespace {

constexpr std::string_view kUsername = R"("username":"rey@example.org")";
constexpr std::string_view kEmails = R"("emails":["rey@example.org"])";
constexpr std::string_view kPassword = R"("password":"correct-horse")";

std::string object(std::initializer_list<std::string_view> members) {
  std::string out = "{";
  for (const std::string_view member : members) {
    if (out.size() > 1) out += ',';
    out += member;
  }
  return out + "}";
}

TEST(NewUserJsonTest, TheFirstEmailIsTheAccounts) {
  const auto user = parse_new_user(object({R"("username":"Name@example.org")",
                                           R"("emails":["rey@example.org","kit@example.org"])",
                                           kPassword, R"("roles":["clinician","patient"])"}));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->email, "rey@example.org");
  EXPECT_EQ(user->password, "correct-horse");
  EXPECT_EQ(user->full_name, "");
  EXPECT_EQ(user->roles, (std::vector<std::string>{"clinician", "patient"}));
}

TEST(NewUserJsonTest, RolesMayBeMissingNullOrEmpty) {
  for (const auto* roles : {R"("x":1)", R"("roles":null)", R"("roles":[])"}) {
    const auto user = parse_new_user(object({kUsername, kEmails, kPassword, roles}));
    ASSERT_TRUE(user) << roles;
    EXPECT_TRUE(user->roles.empty()) << roles;
  }
}

TEST(NewUserJsonTest, UnknownKeysAreIgnoredAndKeysAreCaseSensitive) {
  EXPECT_TRUE(parse_new_user(object(
      {kUsername, kEmails, kPassword, R"("extra":{"a":[1]})", R"("Roles":7)", R"("":null)"})));
  EXPECT_FALSE(parse_new_user(object({R"("Username":"rey@example.org")", kEmails, kPassword})));
}

TEST(NewUserJsonTest, TheLastOfTwoEqualKeysCounts) {
  const auto user = parse_new_user(object({kUsername, R"("emails":["kit@example.org"])", kEmails,
                                           R"("password":"other-horse")", kPassword}));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->email, "rey@example.org");
  EXPECT_EQ(user->password, "correct-horse");
  EXPECT_FALSE(parse_new_user(object({kUsername, kEmails, kPassword, R"("emails":[])"})));
}

TEST(NewUserJsonTest, UsernameIsARequiredEmail) {
  EXPECT_FALSE(parse_new_user(object({kEmails, kPassword})));
  for (const auto* username : {R"("username":null)", R"("username":"")", R"("username":"rey")",
                               R"("username":7)", R"("username":["rey@example.org"])"}) {
    EXPECT_FALSE(parse_new_user(object({username, kEmails, kPassword}))) << username;
  }
}

TEST(NewUserJsonTest, EmailsAreRequiredAndEachIsOne) {
  EXPECT_FALSE(parse_new_user(object({kUsername, kPassword})));
  for (const auto* emails :
       {R"("emails":null)", R"("emails":[])", R"("emails":"rey@example.org")", R"("emails":{})",
        R"("emails":[null])", R"("emails":[1])", R"("emails":["rey@example.org","kit"])",
        R"("emails":["rey@example.org",7])"}) {
    EXPECT_FALSE(parse_new_user(object({kUsername, emails, kPassword}))) << emails;
  }
}

TEST(NewUserJsonTest, PasswordIsRequired) {
  EXPECT_FALSE(parse_new_user(object({kUsername, kEmails})));
  for (const auto* password : {R"("password":null)", R"("password":"")", R"("password":"1234567")",
                               R"("password":12345678)", R"("password":"correct horse")"}) {
    EXPECT_FALSE(parse_new_user(object({kUsername, kEmails, password}))) << password;
  }
}

TEST(NewUserJsonTest, RolesAreFromTheList) {
  for (const auto* roles : {R"("roles":"patient")", R"("roles":["admin"])", R"("roles":[null])",
                            R"("roles":["patient",1])", R"("roles":{"0":"patient"})"}) {
    EXPECT_FALSE(parse_new_user(object({kUsername, kEmails, kPassword, roles}))) << roles;
  }
}

TEST(NewUserJsonTest, WhatIsNoObjectIsRefused) {
  const std::string good = object({kUsername, kEmails, kPassword});
  ASSERT_TRUE(parse_new_user(good));
  EXPECT_TRUE(parse_new_user(" \n" + good + "\t"));
  for (const std::string& json :
       {std::string(), std::string("null"), std::string("[]"), "[" + good + "]", good.substr(1),
        good.substr(0, good.size() - 1), std::string("\"x\""), std::string("{}"),
        std::string("\xff\xfe")}) {
    EXPECT_FALSE(parse_new_user(json)) << json;
  }
}

}  // namespace
}  // namespace tideway::api

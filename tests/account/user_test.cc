// The forms of an account's fields and the user object: docs/spec/http.md 2.1, 2.2.
#include <gtest/gtest.h>

#include "account/accounts.h"

namespace tideway::account {
namespace {

std::string repeated(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

User rey() {
  User user;
  user.id = "3f9c1a7b42";
  user.email = "rey@example.org";
  user.full_name = "Rey Palmer";
  user.roles = {"patient"};
  user.email_verified = true;
  user.terms_accepted_ms = 1'707'643'800'000;  // 2024-02-11T09:30:00Z
  user.created_ms = 1'707'643'700'000;
  user.password_hash = "$argon2id$…";
  return user;
}

TEST(RoleTest, ExactlyTheSixRoles) {
  for (const auto* role :
       {"brokered", "clinic", "clinician", "custodial_account", "migrated_clinic", "patient"}) {
    EXPECT_TRUE(is_role(role)) << role;
  }
  for (const auto* role : {"", "Patient", "admin", "patient ", "clinic\n", "backend_service"}) {
    EXPECT_FALSE(is_role(role)) << role;
  }
}

TEST(EmailTest, AcceptsTheSpecifiedForm) {
  for (const auto* email :
       {"a@b.cc", "rey@example.org", "Rey.Palmer+x@Example.ORG", "x@a.b.c.de", "x@-.--.de",
        "x@1.23.de", "\"quoted\"@example.org", "ünïcode@example.org", "a\vb@example.org"}) {
    EXPECT_TRUE(is_email(email)) << email;
  }
}

TEST(EmailTest, RefusesEverythingElse) {
  for (const auto* email : {"",
                            "@",
                            "rey",
                            "rey@",
                            "@example.org",
                            "rey@example",
                            "rey@example.",
                            "rey@.org",
                            "rey@example..org",
                            "rey@example.o",
                            "rey@example.o1",
                            "rey@exa_mple.org",
                            "rey@exämple.org",
                            "a@b@example.org",
                            "rey palmer@example.org",
                            " rey@example.org",
                            "rey@example.org ",
                            "rey@example.org\n",
                            "rey@\nexample.org",
                            "a\tb@example.org",
                            "rey@example.org,b@c.de"}) {
    EXPECT_FALSE(is_email(email)) << email;
  }
}

TEST(EmailTest, IsBoundedInSize) {
  EXPECT_TRUE(is_email(repeated("a", 242) + "@example.org"));
  EXPECT_FALSE(is_email(repeated("a", 243) + "@example.org"));
}

TEST(PasswordFormTest, EightToSeventyTwoCharactersWithoutWhiteSpace) {
  EXPECT_FALSE(is_password(""));
  EXPECT_FALSE(is_password("1234567"));
  EXPECT_TRUE(is_password("12345678"));
  EXPECT_TRUE(is_password(repeated("x", 72)));
  EXPECT_FALSE(is_password(repeated("x", 73)));
  EXPECT_FALSE(is_password("correct horse"));
  EXPECT_FALSE(is_password("correct\thorse"));
  EXPECT_FALSE(is_password("correct-horse\n"));
  EXPECT_TRUE(is_password("correct\u00a0horse")) << "only ASCII white space is white space here";
}

TEST(PasswordFormTest, CountsCharactersAndNotBytes) {
  EXPECT_FALSE(is_password(repeated("ä", 7)));
  EXPECT_TRUE(is_password(repeated("ä", 8)));
  EXPECT_TRUE(is_password(repeated("€", 72)));
  EXPECT_FALSE(is_password(repeated("€", 73)));
}

TEST(UserJsonTest, TheExampleOfTheSpecification) {
  EXPECT_EQ(user_json(rey()),
            R"({"emailVerified":true,"emails":["rey@example.org"],"roles":["patient"],)"
            R"("termsAccepted":"2024-02-11T09:30:00+00:00","userid":"3f9c1a7b42",)"
            R"("username":"rey@example.org"})");
}

TEST(UserJsonTest, EmptyFieldsAreLeftOut) {
  User user = rey();
  user.roles.clear();
  user.terms_accepted_ms = 0;
  user.email_verified = false;
  EXPECT_EQ(user_json(user), R"({"emailVerified":false,"emails":["rey@example.org"],)"
                             R"("userid":"3f9c1a7b42","username":"rey@example.org"})");
  user.email.clear();
  EXPECT_EQ(user_json(user), R"({"userid":"3f9c1a7b42"})");
}

TEST(UserJsonTest, TermsAcceptedHasWholeSeconds) {
  User user = rey();
  user.terms_accepted_ms += 999;
  EXPECT_EQ(user_json(user), user_json(rey()));
}

TEST(UserJsonTest, SeveralRolesKeepTheirOrder) {
  User user = rey();
  user.roles = {"patient", "clinician"};
  EXPECT_NE(user_json(user).find(R"("roles":["patient","clinician"])"), std::string::npos);
}

TEST(UserJsonTest, ServersSeeWhetherThereIsAPassword) {
  User user = rey();
  EXPECT_NE(user_json(user, Audience::kServer)
                .find(R"("emails":["rey@example.org"],"passwordExists":true,"roles")"),
            std::string::npos);
  user.password_hash.clear();
  EXPECT_NE(user_json(user, Audience::kServer).find(R"("passwordExists":false)"),
            std::string::npos);
}

TEST(UserJsonTest, ATemporaryCustodialAddressIsNeverShown) {
  User user = rey();
  user.email = "unclaimed-custodial-automation+00012345678901234567@tidepool.org";
  EXPECT_EQ(user_json(user),
            R"({"emailVerified":true,"roles":["patient"],)"
            R"("termsAccepted":"2024-02-11T09:30:00+00:00","userid":"3f9c1a7b42"})");
  user.email = "unclaimed-custodial-automation+0001234567890123456@tidepool.org";
  EXPECT_NE(user_json(user).find("username"), std::string::npos) << "19 digits: a real address";
  user.email = "unclaimed-custodial-automation+0001234567890123456x@tidepool.org";
  EXPECT_NE(user_json(user).find("username"), std::string::npos);
}

TEST(UserJsonTest, TextIsEscaped) {
  User user = rey();
  user.email = "a\"<b>&@example.org";
  EXPECT_NE(user_json(user).find(R"("username":"a\"\u003cb\u003e\u0026@example.org")"),
            std::string::npos);
}

}  // namespace
}  // namespace tideway::account

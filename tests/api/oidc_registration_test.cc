// The page on which people make an account of their own.
#include "tests/api/oidc_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;
using testing::Not;

class OidcRegistrationTest : public OidcTest {
 protected:
  OidcRegistrationTest() { open(true); }

  void open(bool verify_new_accounts) {
    application_ = Application::open(store_, accounts_, *all_,
                                     {.registration_open = true,
                                      .verify_new_accounts = verify_new_accounts,
                                      .version = "0",
                                      .oidc = provider_.get()})
                       .value();
  }

  static std::string path() { return std::string(kProtocol) + "/registrations"; }

  /// Opens the page and sends it, with these fields in place of good ones.
  Response register_with(const std::string& query, const Parameters& fields = {}) {
    const Response page = get(path(), query);
    EXPECT_EQ(page.status, 200);
    Parameters form = {{"request", query},
                       {"csrf", between(page.body, "name=\"csrf\" value=\"", "\"")},
                       {"email", "nia@example.org"},
                       {"name", "Nia"},
                       {"password", "tall-pine-41"}};
    for (const auto& [name, value] : fields) form = with(form, name, value);
    return post(path(), form, {{"Cookie", cookies(page)}, {"Sec-Fetch-Site", "same-origin"}});
  }

  std::optional<account::User> nia() { return accounts_.find_by_email("nia@example.org").value(); }
};

TEST_F(OidcRegistrationTest, TheLoginLeadsThereAndBack) {
  const std::string query = query_of(wanted());
  const std::string escaped = html_escaped(query);
  EXPECT_THAT(get(auth(), query).body,
              HasSubstr("<a href=\"" + path() + "?" + escaped + "\">Create an account</a>"));
  const Response page = get(path(), query);
  EXPECT_THAT(page.body, HasSubstr("<a href=\"" + auth() + "?" + escaped + "\">"));
  EXPECT_THAT(page.body, HasSubstr("<strong>xdrip</strong>"));
  EXPECT_THAT(page.body, HasSubstr("autocomplete=\"new-password\""));
  EXPECT_THAT(page.headers.find("Content-Security-Policy").value_or(""),
              HasSubstr("form-action 'self' xdrip:;"));
  EXPECT_EQ(page.headers.find("X-Frame-Options"), "DENY");
}

TEST_F(OidcRegistrationTest, ANewAccountIsLoggedInAtOnce) {
  const Response made = register_with(query_of(wanted()));
  EXPECT_EQ(made.status, 303) << made.body;
  ASSERT_TRUE(nia());
  EXPECT_EQ(nia()->full_name, "Nia");
  EXPECT_EQ(nia()->roles, std::vector<std::string>{"patient"});
  EXPECT_TRUE(nia()->email_verified);
  const Response answer = exchange(between(location(made), "code=", "&"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  const Response own =
      get("/auth/user", "", {{"X-Tidepool-Session-Token", member(answer, "access_token")}});
  EXPECT_THAT(own.body, HasSubstr("nia@example.org"));
}

TEST_F(OidcRegistrationTest, WithoutALoginToGoOnWithThereIsStillAnAccount) {
  for (const std::string query : {"", "client_id=xdrip&redirect_uri=xdrip%3A%2F%2Felsewhere"}) {
    EXPECT_EQ(register_with(query).status, query.empty() ? 201 : 409);
  }
  ASSERT_TRUE(nia());
}

TEST_F(OidcRegistrationTest, ANewAddressMayHaveToBeConfirmedFirst) {
  open(false);
  const Response made = register_with(query_of(wanted()));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(location(made), "");
  ASSERT_TRUE(nia());
  EXPECT_FALSE(nia()->email_verified);
}

TEST_F(OidcRegistrationTest, WhatIsWrongIsSaidAndWhatWasRightIsKept) {
  const std::string query = query_of(wanted());
  struct Case {
    const char *name, *value, *text;
    int status;
  };
  for (const Case& wrong :
       {Case{"email", "nia@home", "This is not an e-mail address", 400},
        Case{"email", "REY@example.org", "exists already", 409},
        Case{"password", "1234567", "8 to 72 characters", 400},
        Case{"password", "two words here", "8 to 72 characters", 400},
        Case{"name", "line\nfeed", "too long", 400}, Case{"csrf", "", "open for too long", 403}}) {
    const Response page = register_with(query, {{wrong.name, wrong.value}});
    EXPECT_EQ(page.status, wrong.status) << wrong.value;
    EXPECT_THAT(page.body, HasSubstr(wrong.text));
    EXPECT_THAT(page.body, HasSubstr("role=\"alert\""));
    EXPECT_THAT(page.body, Not(HasSubstr("tall-pine-41"))) << "no password is sent back";
  }
  EXPECT_EQ(register_with(query, {{"name", std::string(201, 'n')}}).status, 400);
  EXPECT_FALSE(nia());
  EXPECT_THAT(register_with(query, {{"password", "x"}, {"name", "<b>\""}}).body,
              HasSubstr("value=\"&lt;b&gt;&quot;\""));
}

TEST_F(OidcRegistrationTest, AFormFromElsewhereIsNotTaken) {
  const Response page = get(path());
  const std::string csrf = between(page.body, "name=\"csrf\" value=\"", "\"");
  const Parameters form = {
      {"csrf", csrf}, {"email", "nia@example.org"}, {"password", "tall-pine-41"}};
  EXPECT_EQ(post(path(), form).status, 403) << "no cookie";
  EXPECT_EQ(
      post(path(), form, {{"Cookie", cookies(page)}, {"Sec-Fetch-Site", "cross-site"}}).status,
      403);
  EXPECT_FALSE(nia());
}

TEST_F(OidcRegistrationTest, AFailedStoreIsSaidInWords) {
  const Response page = get(path());
  store_.fail_updates = true;
  EXPECT_EQ(post(path(),
                 {{"csrf", between(page.body, "name=\"csrf\" value=\"", "\"")},
                  {"email", "nia@example.org"},
                  {"password", "tall-pine-41"}},
                 {{"Cookie", cookies(page)}})
                .status,
            500);
}

// Who runs the server has to want it.
TEST_F(OidcTest, RegistrationIsClosedUnlessItIsOpened) {
  const std::string path = std::string(kProtocol) + "/registrations";
  const Response page = get(path, query_of(wanted()));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("made by who runs it"));
  EXPECT_THAT(page.body, Not(HasSubstr("<form")));
  EXPECT_THAT(get(auth(), query_of(wanted())).body, Not(HasSubstr("registrations")));
  EXPECT_EQ(post(path, {{"email", "nia@example.org"}, {"password", "tall-pine-41"}}).status, 403);
  EXPECT_FALSE(accounts_.find_by_email("nia@example.org").value());
}

}  // namespace
}  // namespace tideway::api

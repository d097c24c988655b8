// The pages of the OpenID provider: logging in and out in a browser.
#include "tests/api/oidc_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;
using testing::Not;

// --- the page ------------------------------------------------------------------------------------

TEST_F(OidcTest, TheLoginPageIsAccessibleAndCannotBeFramed) {
  const Response page = get(auth(), query_of(with(wanted(), "login_hint", "rey@example.org")));
  EXPECT_EQ(page.status, 200);
  for (const auto* part :
       {"<html lang=\"en\">", "<title>Log in</title>", "<label for=\"email\">", "id=\"email\"",
        "<label for=\"password\">", "id=\"password\"", "autocomplete=\"current-password\"",
        "<button type=\"submit\">", "value=\"rey@example.org\"", "<strong>xdrip</strong>"}) {
    EXPECT_THAT(page.body, HasSubstr(part));
  }
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  const auto policy = page.headers.find("Content-Security-Policy").value_or("");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, HasSubstr("form-action 'self' xdrip:;"));
  EXPECT_EQ(page.headers.find("X-Frame-Options"), "DENY");
  EXPECT_EQ(page.headers.find("Cache-Control"), "no-store");
  EXPECT_FALSE(page.compressible);
  const auto cookie = page.headers.find("Set-Cookie").value_or("");
  EXPECT_THAT(cookie, HasSubstr("; HttpOnly"));
  EXPECT_THAT(cookie, HasSubstr("; Secure"));
}

TEST_F(OidcTest, WhatOthersWroteIsEscaped) {
  const std::string evil = "\"><script>alert(1)</script>'&";
  const Response page = get(auth(), query_of(with(wanted(), "login_hint", evil)));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  EXPECT_THAT(page.body, HasSubstr("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;"));
}

TEST_F(OidcTest, AWrongPasswordIsSaidInWords) {
  const Response page = log_in(wanted(), "wrong");
  EXPECT_EQ(page.status, 401);
  EXPECT_THAT(page.body, HasSubstr("role=\"alert\""));
  EXPECT_THAT(page.body, HasSubstr("No account has this e-mail address and password"));
  EXPECT_THAT(page.body, HasSubstr("value=\"rey@example.org\"")) << "kept";
  EXPECT_THAT(page.body, Not(HasSubstr("wrong\"")));
  EXPECT_EQ(location(page), "");
}

TEST_F(OidcTest, AFormFromElsewhereIsNotTaken) {
  const std::string query = query_of(wanted());
  const Response form = get(auth(), query);
  const std::string csrf = between(form.body, "name=\"csrf\" value=\"", "\"");
  const Parameters filled = {{"request", query},
                             {"csrf", csrf},
                             {"email", "rey@example.org"},
                             {"password", "correct-horse"}};
  EXPECT_EQ(post(auth(), filled).status, 403) << "no cookie";
  EXPECT_EQ(post(auth(), filled, {{"Cookie", "tideway_form=" + std::string(32, 'a')}}).status, 403);
  EXPECT_EQ(post(auth(), with(filled, "csrf", ""), {{"Cookie", cookies(form)}}).status, 403);
  for (const auto& [name, value] :
       {std::pair("Sec-Fetch-Site", "cross-site"), std::pair("Sec-Fetch-Site", "same-site"),
        std::pair("Origin", "https://evil.example"), std::pair("Origin", "null")}) {
    const Response response = post(
        auth(), filled, {{"Cookie", cookies(form)}, {"Host", "dia.example.net"}, {name, value}});
    EXPECT_EQ(response.status, 403) << name << " " << value;
  }
  const Response own = post(auth(), filled,
                            {{"Cookie", cookies(form)},
                             {"Host", "dia.example.net"},
                             {"Origin", "https://dia.example.net"}});
  EXPECT_EQ(own.status, 303);
}

// --- the end -------------------------------------------------------------------------------------

TEST_F(OidcTest, LogoutWithAnIdTokenEndsAllAndReturns) {
  const Response redirect = log_in(wanted("blip", std::string(kBlip)));
  const HeaderList browser = {{"Cookie", cookies(redirect)}};
  const Response answer =
      exchange(between(location(redirect), "code=", "&"), "blip", std::string(kBlip));
  const Response out = get(std::string(kProtocol) + "/logout",
                           query_of({{"id_token_hint", member(answer, "id_token")},
                                     {"post_logout_redirect_uri", "https://web.example.org/bye"},
                                     {"state", "s"}}),
                           browser);
  EXPECT_EQ(location(out), "https://web.example.org/bye?state=s");
  EXPECT_THAT(cookies(out), HasSubstr("tideway_login="));
  EXPECT_EQ(
      get("/auth/user", "", {{"X-Tidepool-Session-Token", member(answer, "access_token")}}).status,
      401);
  EXPECT_THAT(
      location(get(auth(), query_of(with(wanted("blip", std::string(kBlip)), "prompt", "none")),
                   browser)),
      HasSubstr("error=login_required"));
}

TEST_F(OidcTest, LogoutWithoutProofAsksFirst) {
  const Response redirect = log_in(wanted());
  const std::string path = std::string(kProtocol) + "/logout";
  const std::string query =
      query_of({{"client_id", "blip"}, {"post_logout_redirect_uri", "https://web.example.org/"}});
  const Response page = get(path, query, {{"Cookie", cookies(redirect)}});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("Do you want to log out"));
  const std::string all = cookies(redirect) + "; " + cookies(page);
  const Parameters form = {{"request", query},
                           {"csrf", between(page.body, "name=\"csrf\" value=\"", "\"")}};
  EXPECT_EQ(post(path, form, {{"Cookie", cookies(redirect)}}).status, 403);
  const Response out = post(path, form, {{"Cookie", all}});
  EXPECT_EQ(location(out), "https://web.example.org/");
  EXPECT_THAT(get(path, query, {{"Cookie", cookies(redirect)}}).body, Not(HasSubstr("Do you want")))
      << "nobody is logged in any more";
}

TEST_F(OidcTest, LogoutLeadsNowhereElse) {
  const Response out =
      get(std::string(kProtocol) + "/logout",
          query_of({{"client_id", "blip"}, {"post_logout_redirect_uri", "https://evil.example/"}}));
  EXPECT_EQ(out.status, 200);
  EXPECT_EQ(location(out), "");
}

TEST_F(OidcTest, RevokingAnswers200WhateverTheTokenWas) {
  const Response answer = exchange(between(location(log_in(wanted())), "code=", "&"));
  const std::string path = std::string(kProtocol) + "/revoke";
  for (const std::string& text :
       {member(answer, "access_token"), member(answer, "refresh_token"), std::string("nonsense")}) {
    EXPECT_EQ(post(path, {{"token", text}, {"client_id", "xdrip"}}).status, 200);
  }
  EXPECT_EQ(post(path, {{"client_id", "xdrip"}}).status, 400);
  EXPECT_EQ(post(token(), {{"grant_type", "refresh_token"},
                           {"client_id", "xdrip"},
                           {"refresh_token", member(answer, "refresh_token")}})
                .status,
            400);
}

TEST_F(OidcTest, TheScriptPagesCarryTheirOwnPermission) {
  const Response step = get(std::string(kProtocol) + "/3p-cookies/step1.html");
  EXPECT_THAT(step.body, HasSubstr("postMessage(\"unsupported\",\"*\")"));
  EXPECT_THAT(step.headers.find("Content-Security-Policy").value_or(""),
              HasSubstr("frame-ancestors *"));
  EXPECT_THAT(get(std::string(kProtocol) + "/login-status-iframe.html").body,
              HasSubstr("unchanged"));
  const Response bounce = get("/upload-redirect");
  EXPECT_THAT(bounce.body, HasSubstr("tidepooluploader://localhost/keycloak-redirect"));
  EXPECT_THAT(bounce.headers.find("Content-Security-Policy").value_or(""),
              HasSubstr("frame-ancestors 'none'"));
}

TEST_F(OidcTest, AFailedStoreIsSaidInWords) {
  const std::string query = query_of(wanted());
  const Response form = get(auth(), query);
  store_.fail_updates = true;
  const Response page = post(auth(),
                             {{"request", query},
                              {"csrf", between(form.body, "name=\"csrf\" value=\"", "\"")},
                              {"email", "rey@example.org"},
                              {"password", "correct-horse"}},
                             {{"Cookie", cookies(form)}});
  EXPECT_EQ(page.status, 500);
  EXPECT_EQ(location(page), "");
}

}  // namespace
}  // namespace tideway::api

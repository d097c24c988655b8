// What clients ask of the OpenID provider, through the whole application.
#include "tests/api/oidc_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// --- discovery -----------------------------------------------------------------------------------

TEST_F(OidcTest, DiscoveryHasWhatEveryClientReads) {
  const Response response = get(std::string(kRealm) + "/.well-known/openid-configuration");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(member(response, "issuer"), "https://dia.example.net/realms/tidepool");
  for (const auto& [name, path] :
       {std::pair("authorization_endpoint", "auth"), std::pair("token_endpoint", "token"),
        std::pair("jwks_uri", "certs"), std::pair("userinfo_endpoint", "userinfo"),
        std::pair("revocation_endpoint", "revoke"), std::pair("end_session_endpoint", "logout")}) {
    EXPECT_EQ(member(response, name),
              "https://dia.example.net" + std::string(kProtocol) + "/" + path);
  }
  for (const auto* name : {"response_types_supported", "subject_types_supported",
                           "id_token_signing_alg_values_supported"}) {
    EXPECT_THAT(response.body, HasSubstr("\"" + std::string(name) + "\":["));
  }
  EXPECT_EQ(get("/realms/other/.well-known/openid-configuration").status, 404);
}

TEST_F(OidcTest, InfoNamesTheProvider) {
  const Response response = get("/info");
  EXPECT_THAT(response.body,
              HasSubstr(R"("auth":{"realm":"tidepool","url":"https://dia.example.net"})"));
}

TEST_F(OidcTest, KeysArePublicOnes) {
  const Response response = get(std::string(kProtocol) + "/certs");
  EXPECT_THAT(response.body, HasSubstr(R"("kty":"RSA")"));
  for (const auto* secret : {"\"d\":", "\"p\":", "\"q\":", "PRIVATE"}) {
    EXPECT_THAT(response.body, Not(HasSubstr(secret)));
  }
}

// --- what clients may ask ------------------------------------------------------------------------

TEST_F(OidcTest, StrangersAndStrangeAddressesAreToldToTheUserAlone) {
  for (const Parameters& bad : {with(wanted(), "client_id", "stranger"),
                                with(wanted(), "redirect_uri", "xdrip://callback/tidepool/x"),
                                with(wanted(), "redirect_uri", "https://evil.example/"),
                                with(wanted(), "redirect_uri", "")}) {
    const Response response = get(auth(), query_of(bad));
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(location(response), "") << "no open redirect";
    EXPECT_THAT(response.body, HasSubstr("This login cannot work"));
  }
  const Response twice = get(auth(), query_of(wanted()) + "&redirect_uri=https://evil.example/");
  EXPECT_EQ(twice.status, 400);
}

TEST_F(OidcTest, PkceWithS256IsRequired) {
  for (const Parameters& bad :
       {with(wanted(), "code_challenge", ""), with(wanted(), "code_challenge", "short"),
        with(wanted(), "code_challenge_method", "plain"),
        with(wanted(), "code_challenge_method", "")}) {
    const Response response = get(auth(), query_of(bad));
    EXPECT_EQ(response.status, 302);
    EXPECT_THAT(location(response), StartsWith("xdrip://callback/tidepool?error=invalid_request&"));
    EXPECT_THAT(location(response), HasSubstr("state=st%26te"));
  }
}

TEST_F(OidcTest, OtherFlowsAreRefused) {
  EXPECT_THAT(location(get(auth(), query_of(with(wanted(), "response_type", "token")))),
              HasSubstr("error=unsupported_response_type"));
  EXPECT_THAT(location(get(auth(), query_of(with(wanted(), "response_mode", "form_post")))),
              HasSubstr("error=invalid_request"));
  EXPECT_THAT(location(get(auth(), query_of(with(wanted(), "request", "x")))),
              HasSubstr("error=request_not_supported"));
  EXPECT_THAT(location(get(auth(), query_of(wanted()) + "&scope=openid")),
              HasSubstr("error=invalid_request"));
  EXPECT_THAT(location(get(auth(), query_of(with(wanted(), "max_age", "soon")))),
              HasSubstr("error=invalid_request"));
}

// --- the whole way -------------------------------------------------------------------------------

TEST_F(OidcTest, LoggingInLeadsToTokensThatEveryRouteTakes) {
  const Response redirect = log_in(wanted());
  EXPECT_EQ(redirect.status, 303);
  EXPECT_THAT(location(redirect), StartsWith("xdrip://callback/tidepool?code="));
  EXPECT_THAT(location(redirect), HasSubstr("&state=st%26te&session_state="));
  const Response answer = exchange(between(location(redirect), "code=", "&"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(answer.headers.find("Cache-Control"), "no-store");
  EXPECT_THAT(answer.body, HasSubstr("\"expires_in\":720,"));
  const std::string access = member(answer, "access_token");
  for (const HeaderList& headers : {HeaderList{{"X-Tidepool-Session-Token", access}},
                                    HeaderList{{"Authorization", "Bearer " + access}}}) {
    EXPECT_EQ(member(get("/auth/user", "", headers), "userid"), user_.id);
    EXPECT_EQ(get("/v1/users/" + user_.id + "/data_sets", "", headers).status, 200);
    EXPECT_EQ(get("/data/" + user_.id, "", headers).status, 200);
  }
  const Response info =
      get(std::string(kProtocol) + "/userinfo", "", {{"Authorization", "Bearer " + access}});
  EXPECT_EQ(member(info, "sub"), user_.id);
  EXPECT_EQ(member(info, "email"), "rey@example.org");
  EXPECT_EQ(get(std::string(kProtocol) + "/userinfo").status, 401);
  EXPECT_EQ(get(std::string(kProtocol) + "/userinfo", "",
                {{"Authorization", "Bearer " + member(answer, "id_token")}})
                .status,
            401)
      << "an id token opens nothing";
}

TEST_F(OidcTest, AnswersGoIntoTheFragmentWhereAsked) {
  const Response redirect =
      log_in(with(wanted("blip", std::string(kBlip)), "response_mode", "fragment"));
  EXPECT_THAT(location(redirect), StartsWith("https://web.example.org/#code="));
}

TEST_F(OidcTest, WrongExchangesAreInvalidGrants) {
  const auto code = [&] { return between(location(log_in(wanted())), "code=", "&"); };
  const std::string once = code();
  EXPECT_EQ(exchange(once).status, 200);
  for (const Response& refused :
       {exchange(once), exchange(code(), "aaps"), exchange(code(), "xdrip", "aaps://callback/x"),
        exchange(code(), "xdrip", "xdrip://callback/tidepool", "wrong"), exchange("")}) {
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, StartsWith(R"({"error":"invalid_grant")"));
  }
}

TEST_F(OidcTest, TokenRequestsHaveToBeForms) {
  EXPECT_EQ(send("POST", token(), "", R"({"grant_type":"refresh_token"})",
                 {{"Content-Type", "application/json"}})
                .status,
            400);
  EXPECT_EQ(post(token(), {{"grant_type", "password"}, {"client_id", "xdrip"}}).status, 400);
  EXPECT_EQ(post(token(), {{"grant_type", "refresh_token"}, {"client_id", "who"}}).status, 401);
  EXPECT_EQ(post(token(), {{"client_id", "xdrip"}, {"client_id", "aaps"}}).status, 400);
}

TEST_F(OidcTest, TheBrowserStaysLoggedInForPagesButNotForApps) {
  const Response redirect = log_in(wanted());
  const HeaderList browser = {{"Cookie", cookies(redirect)}};
  const Response silent =
      get(auth(), query_of(with(wanted("blip", std::string(kBlip)), "prompt", "none")), browser);
  EXPECT_EQ(silent.status, 302);
  EXPECT_THAT(location(silent), StartsWith("https://web.example.org/?code="));
  EXPECT_EQ(get(auth(), query_of(wanted()), browser).status, 200) << "an app: the form again";
  EXPECT_EQ(
      get(auth(), query_of(with(wanted("blip", std::string(kBlip)), "prompt", "login")), browser)
          .status,
      200);
  now_s_ += 100;
  EXPECT_EQ(
      get(auth(), query_of(with(wanted("blip", std::string(kBlip)), "max_age", "99")), browser)
          .status,
      200);
  const Response nobody =
      get(auth(), query_of(with(wanted("blip", std::string(kBlip)), "prompt", "none")));
  EXPECT_THAT(location(nobody), StartsWith("https://web.example.org/?error=login_required&"));
}

TEST_F(OidcTest, ANewPasswordEndsWhatWasLoggedIn) {
  const Response redirect = log_in(wanted());
  const HeaderList browser = {{"Cookie", cookies(redirect)}};
  const Response answer = exchange(between(location(redirect), "code=", "&"));
  const HeaderList session = {{"X-Tidepool-Session-Token", member(answer, "access_token")}};
  EXPECT_EQ(get("/auth/user", "", session).status, 200);
  now_s_ += 10;
  ASSERT_TRUE(all_->end_sessions(user_.id));
  EXPECT_EQ(get("/auth/user", "", session).status, 401);
  EXPECT_EQ(post(token(), {{"grant_type", "refresh_token"},
                           {"client_id", "xdrip"},
                           {"refresh_token", member(answer, "refresh_token")}})
                .status,
            400);
  EXPECT_THAT(
      location(get(auth(), query_of(with(wanted("blip", std::string(kBlip)), "prompt", "none")),
                   browser)),
      HasSubstr("error=login_required"));
  now_s_ += 10;
  EXPECT_EQ(exchange(between(location(log_in(wanted())), "code=", "&")).status, 200);
}

TEST_F(OidcTest, ManyWrongPasswordsHaveToWait) {
  Response page = log_in(wanted(), "wrong");
  for (int i = 0; i < 20 && page.status == 401; ++i) page = log_in(wanted(), "wrong");
  EXPECT_EQ(page.status, 429);
  EXPECT_TRUE(page.headers.find("Retry-After"));
  EXPECT_THAT(page.body, HasSubstr("Too many attempts"));
  EXPECT_EQ(log_in(wanted()).status, 429) << "also with the right one";
}

}  // namespace
}  // namespace tideway::api

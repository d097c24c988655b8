// The pages and endpoints of the OpenID provider, through the whole application.
#include "api/oidc.h"

#include <gmock/gmock.h>

#include "api/application.h"
#include "api/oidc_pages.h"
#include "base/base64url.h"
#include "oidc/access_tokens.h"
#include "oidc/secret_text.h"
#include "tests/oidc/seeded_keys.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kRealm = "/realms/tidepool";
constexpr std::string_view kProtocol = "/realms/tidepool/protocol/openid-connect";
constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kBlip = "https://web.example.org/";

class OidcTest : public testing::Test {
 protected:
  OidcTest() {
    oidc::seed_keys(store_);
    user_ = accounts_
                .create({.email = "rey@example.org",
                         .password = "correct-horse",
                         .full_name = "Rey",
                         .roles = {},
                         .verified = true})
                .value();
    provider_ = oidc::Provider::open(
                    store_, accounts_,
                    {.public_url = "https://dia.example.net",
                     .redirects = {"blip=https://web.example.org/*"},
                     .now_s = [this] { return now_s_; },
                     .is_ended = [this](std::string_view user,
                                        int64_t at_ms) { return tokens_->is_ended(user, at_ms); }})
                    .value();
    all_ = oidc::with_other_kinds(
        *tokens_, {{.verify = [this](std::string_view text) { return provider_->verify(text); },
                    .revoke = [this](std::string_view text) { return provider_->revoke(text); },
                    .refresh = [this] { return provider_->refresh_revocations(); }}});
    application_ =
        Application::open(store_, accounts_, *all_, {.version = "0", .oidc = provider_.get()})
            .value();
  }

  using HeaderList = std::vector<std::pair<std::string, std::string>>;

  Response get(std::string_view path, std::string query = "", const HeaderList& headers = {}) {
    return send("GET", path, std::move(query), "", headers);
  }

  Response post(std::string_view path, const Parameters& form, HeaderList headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    std::string body = with_parameters("", form);
    if (!body.empty()) body.erase(0, 1);
    return send("POST", path, "", body, headers);
  }

  Response send(std::string_view method, std::string_view path, std::string query, std::string body,
                const HeaderList& headers) {
    Request request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    request.body = std::move(body);
    request.https = true;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return application_->handle(std::move(request));
  }

  static std::string auth() { return std::string(kProtocol) + "/auth"; }
  static std::string token() { return std::string(kProtocol) + "/token"; }

  static std::string query_of(Parameters parameters) {
    return with_parameters("", parameters).substr(1);
  }

  static Parameters wanted(std::string client = "xdrip",
                           std::string redirect = "xdrip://callback/tidepool") {
    return {{"client_id", std::move(client)},
            {"redirect_uri", std::move(redirect)},
            {"response_type", "code"},
            {"scope", "openid offline_access"},
            {"state", "st&te"},
            {"nonce", "n"},
            {"code_challenge", to_base64url(oidc::sha256(kVerifier))},
            {"code_challenge_method", "S256"}};
  }

  static Parameters with(Parameters parameters, std::string_view name, std::string value) {
    for (auto& [key, old] : parameters) {
      if (key == name) {
        old = std::move(value);
        return parameters;
      }
    }
    parameters.emplace_back(name, std::move(value));
    return parameters;
  }

  static std::string between(const std::string& text, std::string_view start,
                             std::string_view end) {
    const size_t at = text.find(start);
    if (at == std::string::npos) return {};
    const size_t begin = at + start.size();
    return text.substr(begin, text.find(end, begin) - begin);
  }

  static std::string location(const Response& response) {
    return std::string(response.headers.find("Location").value_or(""));
  }

  /// "name=value; name=value" of what the answer sets.
  static std::string cookies(const Response& response) {
    std::string out;
    for (const auto& [name, value] : response.headers) {
      if (name != "Set-Cookie") continue;
      if (!out.empty()) out += "; ";
      out += value.substr(0, value.find(';'));
    }
    return out;
  }

  /// Fills the form in and sends it, as a browser does.
  Response log_in(const Parameters& asked, std::string password = "correct-horse") {
    const std::string query = query_of(asked);
    const Response form = get(auth(), query);
    EXPECT_EQ(form.status, 200) << form.body;
    return post(auth(),
                {{"request", query},
                 {"csrf", between(form.body, "name=\"csrf\" value=\"", "\"")},
                 {"email", "rey@example.org"},
                 {"password", std::move(password)}},
                {{"Cookie", cookies(form)}, {"Sec-Fetch-Site", "same-origin"}});
  }

  Response exchange(const std::string& code, std::string client = "xdrip",
                    std::string redirect = "xdrip://callback/tidepool",
                    std::string verifier = std::string(kVerifier)) {
    return post(token(), {{"grant_type", "authorization_code"},
                          {"client_id", std::move(client)},
                          {"redirect_uri", std::move(redirect)},
                          {"code", code},
                          {"code_verifier", std::move(verifier)}});
  }

  static std::string member(const Response& response, std::string_view name) {
    return between(response.body, "\"" + std::string(name) + "\":\"", "\"");
  }

  int64_t now_s_ = oidc::kSeededKeyTime;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  account::User user_;
  std::unique_ptr<account::Tokens> tokens_ =
      account::Tokens::open(store_, {.now_s = [this] { return now_s_; }}).value();
  std::unique_ptr<oidc::Provider> provider_;
  std::unique_ptr<account::Tokens> all_;
  std::unique_ptr<Application> application_;
};

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

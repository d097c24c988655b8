// The logins of today's clients, request by request as docs/spec/clients.md 4 to 9 tells, against
// the running program.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/base64url.h"
#include "oidc/secret_text.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kBase = "https://dia.example.net";
constexpr const char* kVerifier = "M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag";

/// The claims of a JWT.
std::string claims_of(const std::string& token) {
  const size_t first = token.find('.') + 1;
  return from_base64url(token.substr(first, token.find('.', first) - first)).value();
}

/// A proxy in front does TLS and says so.
class OidcClientsTest : public E2eTest {
 protected:
  OidcClientsTest()
      : E2eTest({"--public-url", kBase, "--trusted-proxies", "127.0.0.1", "--oidc-redirects",
                 "blip=https://web.example.org/*"}) {}

  /// The discovery document, as each client finds it.
  Json discover() {
    const Reply reply = stranger().ask("GET", "/realms/tidepool/.well-known/openid-configuration");
    EXPECT_EQ(reply.status, 200u);
    EXPECT_THAT(value_of(reply, "Content-Type"), StartsWith("application/json"));
    return Json(reply.body);
  }

  /// The path of an endpoint.
  std::string endpoint(const std::string& name) {
    const Json configuration = discover();
    const std::string url(configuration.at("/" + name).get_string().value());
    EXPECT_THAT(url, StartsWith(kBase));
    return url.substr(std::string_view(kBase).size());
  }

  static Form request(const std::string& client, const std::string& redirect,
                      const std::string& scope, const Form& more) {
    Form form = {{"client_id", client},
                 {"redirect_uri", redirect},
                 {"response_type", "code"},
                 {"scope", scope},
                 {"code_challenge", to_base64url(oidc::sha256(kVerifier))},
                 {"code_challenge_method", "S256"}};
    form.insert(form.end(), more.begin(), more.end());
    return form;
  }

  /// Logs in and gives the parameters with which the client is called back.
  std::map<std::string, std::string> log_in(Browser& browser, const Form& asked) {
    const std::string target = endpoint("authorization_endpoint") + "?" + form_text(asked);
    const std::string back = browser.log_in(target, kEmail, kPassword);
    EXPECT_THAT(back, StartsWith(asked[1].second));
    return parameters_of(back);
  }

  Reply exchange(const Form& asked, const std::string& code, const std::string& fields = {}) {
    return post(endpoint("token_endpoint"),
                {{"grant_type", "authorization_code"},
                 {"client_id", asked[0].second},
                 {"redirect_uri", asked[1].second},
                 {"code", code},
                 {"code_verifier", kVerifier}},
                fields);
  }

  Reply refresh(const std::string& client, const std::string& token,
                const std::string& fields = {}) {
    return post(endpoint("token_endpoint"),
                {{"refresh_token", token}, {"grant_type", "refresh_token"}, {"client_id", client}},
                fields);
  }

  Reply post(const std::string& target, const Form& form, const std::string& fields = {}) {
    return stranger().ask("POST", target, form_text(form),
                          field("Content-Type", "application/x-www-form-urlencoded") + fields);
  }

  /// docs/spec/clients.md 4.5
  static void expect_token_answer(const Reply& reply) {
    ASSERT_EQ(reply.status, 200u) << reply.body;
    const Json answer(reply.body);
    for (const auto* name : {"access_token", "id_token", "scope", "token_type", "refresh_token"}) {
      EXPECT_TRUE(answer.at(std::string("/") + name).is_string()) << name;
    }
    EXPECT_TRUE(answer.at("/expires_in").is_int64());
  }

  /// What AppAuth checks of the discovery document and the id token.
  void expect_app_auth_is_content(const std::string& id_token, const Form& asked) {
    const Json configuration = discover();
    const std::string issuer(configuration.at("/issuer").get_string().value());
    EXPECT_THAT(issuer, StartsWith("https://"));
    EXPECT_EQ(issuer.find_first_of("?#"), std::string::npos);
    for (const auto* name : {"jwks_uri", "response_types_supported", "subject_types_supported",
                             "id_token_signing_alg_values_supported"}) {
      EXPECT_TRUE(configuration.has(std::string("/") + name)) << name;
    }
    const std::string claims = claims_of(id_token);
    EXPECT_EQ(text_at(claims, "/iss"), issuer);
    EXPECT_EQ(text_at(claims, "/aud"), asked[0].second);
    EXPECT_EQ(text_at(claims, "/nonce"), "nonce-1");
    EXPECT_EQ(text_at(claims, "/sub"), user_id_);
  }

  /// From the look-up of the data set to data, as xDrip+ and AndroidAPS do.
  void upload_as(ApiClient& api, const std::string& look_up, const std::string& name) {
    const std::string sets = "/v1/users/" + user_id_ + "/data_sets";
    EXPECT_EQ(api.ask("GET", sets + "?client.name=" + look_up + "&size=1").body, "[]\n");
    const Reply made = api.ask(
        "POST", sets,
        fmt::format(
            R"({{"client":{{"name":"{}","version":"0.1.0"}},)"
            R"("dataSetType":"continuous",)"
            R"("deduplicator":{{"name":"org.tidepool.deduplicator.dataset.delete.origin"}},)"
            R"("deviceTags":["bgm","cgm","insulin-pump"],"timeProcessing":"none",)"
            R"("time":"2026-02-14T08:31:07.1230000Z","type":"upload"}})",
            name));
    ASSERT_EQ(made.status, 201u) << made.body;
    const std::string set = text_at(made.body, "/data/uploadId");
    const Reply added = api.ask(
        "POST", "/v1/datasets/" + set + "/data",
        R"([{"type":"cbg","units":"mg/dL","value":118,"time":"2026-02-14T08:30:00.0000000Z",)"
        R"("deviceTime":"2026-02-14T09:30:00","timezoneOffset":60,)"
        R"("origin":{"id":"3f0e8c7a-0000-4000-8000-000000000001"}}])");
    EXPECT_EQ(added.status, 200u) << added.body;
    EXPECT_TRUE(Json(added.body).at("/data").is_array());
  }
};

// 8
TEST_F(OidcClientsTest, XdripPlus) {
  Browser browser(daemon().port());
  const Form asked = request("xdrip", "xdrip://callback/tidepool", "openid offline_access",
                             {{"state", "state-1"}, {"nonce", "nonce-1"}, {"login_hint", kEmail}});
  auto back = log_in(browser, asked);
  EXPECT_EQ(back["state"], "state-1");
  const Reply tokens = exchange(asked, back["code"]);
  expect_token_answer(tokens);
  expect_app_auth_is_content(text_at(tokens.body, "/id_token"), asked);
  ApiClient api = stranger();
  const Reply info =
      api.ask("GET", endpoint("userinfo_endpoint"), {},
              field("Authorization", "Bearer " + text_at(tokens.body, "/access_token")));
  EXPECT_EQ(text_at(info.body, "/sub"), user_id_);
  EXPECT_EQ(text_at(info.body, "/email"), kEmail);
  const Reply fresh = refresh("xdrip", text_at(tokens.body, "/refresh_token"));
  expect_token_answer(fresh);
  api.token = text_at(fresh.body, "/access_token");
  upload_as(api, "com.eveningoutpost.dexdrip", "com.eveningoutpost.dexdrip");
}

// 9
TEST_F(OidcClientsTest, AndroidAps) {
  Browser browser(daemon().port());
  const Form asked = request("aaps", "aaps://callback/tidepool", "openid",
                             {{"state", "s"}, {"nonce", "nonce-1"}, {"prompt", "login"}});
  const Reply tokens = exchange(asked, log_in(browser, asked)["code"]);
  expect_token_answer(tokens);
  expect_app_auth_is_content(text_at(tokens.body, "/id_token"), asked);
  ApiClient api = stranger();
  api.token = text_at(tokens.body, "/access_token");
  upload_as(api, "AAPS", "info.nightscout.androidaps");
  // Its answer got lost on the way: the next cycle comes with the old token.
  const std::string old = text_at(tokens.body, "/refresh_token");
  expect_token_answer(refresh("aaps", old));
  const Reply again = refresh("aaps", old);
  expect_token_answer(again);
  restart();
  expect_token_answer(refresh("aaps", text_at(again.body, "/refresh_token")));
}

// 7.1
TEST_F(OidcClientsTest, TidepoolKit) {
  const Reply info = stranger().ask("GET", "/info");
  EXPECT_EQ(text_at(info.body, "/auth/url"), kBase);
  EXPECT_EQ(text_at(info.body, "/auth/realm"), "tidepool");
  Browser browser(daemon().port());
  // No state and no nonce.
  const Form asked = request("nightscout-trio", "org.nightscout.trio.tidepoolkit.auth://redirect",
                             "openid offline_access", {});
  const Reply tokens = exchange(asked, log_in(browser, asked)["code"]);
  expect_token_answer(tokens);
  ApiClient api = stranger();
  api.token = text_at(tokens.body, "/access_token");
  const Reply user = api.ask("GET", "/auth/user");
  ASSERT_EQ(user.status, 200u);
  const Json decoded(user.body);
  EXPECT_TRUE(decoded.at("/emailVerified").is_bool());
  EXPECT_TRUE(decoded.at("/emails").is_array());
  EXPECT_TRUE(decoded.at("/roles").is_array());
  for (const auto* name : {"/termsAccepted", "/userid", "/username"}) {
    EXPECT_TRUE(decoded.at(name).is_string()) << name;
  }
  upload_as(api, "org.nightscout.Trio&deleted=false", "org.nightscout.Trio");
  // A token that does not work is 401, and a refresh helps.
  api.token += "x";
  EXPECT_EQ(api.ask("GET", "/auth/user").status, 401u);
  const Reply fresh = refresh("nightscout-trio", text_at(tokens.body, "/refresh_token"));
  expect_token_answer(fresh);
  api.token = text_at(fresh.body, "/access_token");
  EXPECT_EQ(api.ask("GET", "/auth/user").status, 200u);
  for (const auto* kind : {"access_token", "refresh_token"}) {
    const Reply revoked = post(endpoint("revocation_endpoint"),
                               {{"token", text_at(fresh.body, std::string("/") + kind)},
                                {"token_type_hint", kind},
                                {"client_id", "nightscout-trio"}});
    EXPECT_EQ(revoked.status, 200u);
  }
  EXPECT_EQ(api.ask("GET", "/auth/user").status, 401u);
  const Reply refused = refresh("nightscout-trio", text_at(fresh.body, "/refresh_token"));
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(text_at(refused.body, "/error"), "invalid_grant");
}

// 4.3, 4.6: the Uploader, by oidc-client-ts
TEST_F(OidcClientsTest, UploaderWithOidcClientTs) {
  const std::string origin = field("Origin", "file://");
  const Reply preflight = stranger().ask("OPTIONS", endpoint("token_endpoint"), {},
                                         origin + field("Access-Control-Request-Method", "POST"));
  EXPECT_EQ(value_of(preflight, "Access-Control-Allow-Origin"), "file://");
  Browser browser(daemon().port());
  const Form asked = request("tidepool-uploader-sso", std::string(kBase) + "/upload-redirect",
                             "openid", {{"state", "abc"}, {"response_mode", "fragment"}});
  auto back = log_in(browser, asked);
  EXPECT_EQ(back["state"], "abc");
  EXPECT_THAT(stranger().ask("GET", "/upload-redirect").body,
              HasSubstr("tidepooluploader://localhost/keycloak-redirect"));
  const Reply tokens = exchange(asked, back["code"], origin);
  expect_token_answer(tokens);
  EXPECT_EQ(value_of(tokens, "Access-Control-Allow-Origin"), "file://");
  const Reply fresh =
      refresh("tidepool-uploader-sso", text_at(tokens.body, "/refresh_token"), origin);
  expect_token_answer(fresh);
  const std::string before = claims_of(text_at(tokens.body, "/id_token"));
  const std::string after = claims_of(text_at(fresh.body, "/id_token"));
  for (const auto* name : {"/sub", "/azp"}) EXPECT_EQ(text_at(after, name), text_at(before, name));
  EXPECT_EQ(Json(after).at("/auth_time").get_int64().value(),
            Json(before).at("/auth_time").get_int64().value());
  const Reply out = browser.get(
      endpoint("end_session_endpoint") + "?" +
      form_text({{"id_token_hint", text_at(fresh.body, "/id_token")},
                 {"post_logout_redirect_uri", "tidepooluploader://localhost/keycloak-redirect"}}));
  EXPECT_EQ(value_of(out, "Location"), "tidepooluploader://localhost/keycloak-redirect");
  EXPECT_EQ(refresh("tidepool-uploader-sso", text_at(fresh.body, "/refresh_token")).status, 400u);
}

// 4.6: the web app, by keycloak-js, which knows no discovery
TEST_F(OidcClientsTest, WebAppWithKeycloakJs) {
  const std::string paths = "/realms/tidepool/protocol/openid-connect";
  const std::string origin = field("Origin", "https://web.example.org");
  Browser browser(daemon().port());
  EXPECT_THAT(browser.get(paths + "/3p-cookies/step1.html").body, HasSubstr("unsupported"));
  Form silent = request("blip", "https://web.example.org/silent-check-sso.html", "openid",
                        {{"state", "1"}, {"nonce", "n"}, {"response_mode", "fragment"}});
  silent.emplace_back("prompt", "none");
  const Reply nobody = browser.get(paths + "/auth?" + form_text(silent));
  EXPECT_EQ(parameters_of(value_of(nobody, "Location"))["error"], "login_required");
  const Form asked = request("blip", "https://web.example.org/patients/x/data", "openid",
                             {{"state", "2"}, {"nonce", "n"}, {"response_mode", "fragment"}});
  auto back = log_in(browser, asked);
  EXPECT_EQ(back["state"], "2");
  const Reply tokens = exchange(asked, back["code"], origin);
  expect_token_answer(tokens);
  EXPECT_EQ(value_of(tokens, "Access-Control-Allow-Origin"), "https://web.example.org");
  EXPECT_EQ(value_of(tokens, "Access-Control-Allow-Credentials"), "true");
  const std::string claims = claims_of(text_at(tokens.body, "/access_token"));
  for (const auto* name : {"/sid", "/session_state", "/sub"}) EXPECT_TRUE(Json(claims).has(name));
  EXPECT_EQ(text_at(claims, "/sid"), back["session_state"]);
  const Reply known = browser.get(paths + "/auth?" + form_text(silent));
  EXPECT_NE(parameters_of(value_of(known, "Location"))["code"], "");
  expect_token_answer(refresh("blip", text_at(tokens.body, "/refresh_token"), origin));
  const Reply out = browser.get(paths + "/logout?" +
                                form_text({{"client_id", "blip"},
                                           {"post_logout_redirect_uri", "https://web.example.org/"},
                                           {"id_token_hint", text_at(tokens.body, "/id_token")}}));
  EXPECT_EQ(value_of(out, "Location"), "https://web.example.org/");
  const Reply gone = browser.get(paths + "/auth?" + form_text(silent));
  EXPECT_EQ(parameters_of(value_of(gone, "Location"))["error"], "login_required");
}

}  // namespace
}  // namespace tideway::e2e

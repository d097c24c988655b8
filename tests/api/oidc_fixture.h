// The whole application with an OpenID provider and one user, and what a browser and a client do.
#pragma once

#include <gmock/gmock.h>

#include "api/application.h"
#include "api/oidc.h"
#include "base/base64url.h"
#include "oidc/access_tokens.h"
#include "oidc/secret_text.h"
#include "tests/oidc/seeded_keys.h"

namespace tideway::api {

inline constexpr std::string_view kRealm = "/realms/tidepool";
inline constexpr std::string_view kProtocol = "/realms/tidepool/protocol/openid-connect";
inline constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view kBlip = "https://web.example.org/";

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

  server::Response get(std::string_view path, std::string query = "",
                       const HeaderList& headers = {}) {
    return send("GET", path, std::move(query), "", headers);
  }

  server::Response post(std::string_view path, const Parameters& form, HeaderList headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    std::string body = with_parameters("", form);
    if (!body.empty()) body.erase(0, 1);
    return send("POST", path, "", body, headers);
  }

  server::Response send(std::string_view method, std::string_view path, std::string query,
                        std::string body, const HeaderList& headers) {
    server::Request request;
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

  static std::string location(const server::Response& response) {
    return std::string(response.headers.find("Location").value_or(""));
  }

  /// "name=value; name=value" of what the answer sets.
  static std::string cookies(const server::Response& response) {
    std::string out;
    for (const auto& [name, value] : response.headers) {
      if (name != "Set-Cookie") continue;
      if (!out.empty()) out += "; ";
      out += value.substr(0, value.find(';'));
    }
    return out;
  }

  /// Fills the form in and sends it, as a browser does.
  server::Response log_in(const Parameters& asked, std::string password = "correct-horse") {
    const std::string query = query_of(asked);
    const server::Response form = get(auth(), query);
    EXPECT_EQ(form.status, 200) << form.body;
    return post(auth(),
                {{"request", query},
                 {"csrf", between(form.body, "name=\"csrf\" value=\"", "\"")},
                 {"email", "rey@example.org"},
                 {"password", std::move(password)}},
                {{"Cookie", cookies(form)}, {"Sec-Fetch-Site", "same-origin"}});
  }

  server::Response exchange(const std::string& code, std::string client = "xdrip",
                            std::string redirect = "xdrip://callback/tidepool",
                            std::string verifier = std::string(kVerifier)) {
    return post(token(), {{"grant_type", "authorization_code"},
                          {"client_id", std::move(client)},
                          {"redirect_uri", std::move(redirect)},
                          {"code", code},
                          {"code_verifier", std::move(verifier)}});
  }

  static std::string member(const server::Response& response, std::string_view name) {
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

}  // namespace tideway::api

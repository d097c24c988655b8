// Tokens that somebody made up, changed, stole or kept: none is as good as one of ours, in no
// family of routes and in neither header.
#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "account/claims.h"
#include "account/jwt.h"
#include "api/application.h"
#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

constexpr std::string_view kUser = "0a1b2c3d4e";

std::string base64url(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                  '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();
  return out;
}

class TokenAbuseTest : public testing::Test {
 protected:
  account::SigningKey real_key() {
    const std::string value = store_.entries(store::kDirectoryPartition).at("ktoken");
    account::SigningKey key;
    std::copy(value.begin() + 1, value.end(), key.begin());
    return key;
  }

  account::Token claims(int64_t issued_s, int64_t expires_s, bool is_server = false) {
    return {.id = "0123456789abcdef0123456789abcdef",
            .user_id = std::string(kUser),
            .is_server = is_server,
            .client_id = {},
            .issued_s = issued_s,
            .issued_ms = issued_s * 1000,
            .expires_s = expires_s,
            .duration_s = expires_s - issued_s,
            .email_verified = true};
  }

  std::string good_claims() {
    return account::claims_json(claims(now_s_, now_s_ + 60), "localhost");
  }

  /// A token with any header, signed with the very key of the server: what the header says must not
  /// matter, nor be looked at.
  std::string forge(std::string_view header, std::string_view claims_json) {
    std::string text = base64url(header) + '.' + base64url(claims_json);
    const account::SigningKey key = real_key();
    std::array<uint8_t, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                           key.data());
    return text + '.' + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
  }

  int ask(std::string path, const std::string& header, const std::string& value) {
    server::Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers.add(header, value);
    return application_->handle(std::move(request)).status;
  }

  /// One route of each family that reads a token.
  void expect_refused(const std::string& token, const std::string& what) {
    for (const std::string path :
         {"/v1/users/0a1b2c3d4e/data_sets", "/data/0a1b2c3d4e", "/auth/user", "/auth/token",
          "/access/0a1b2c3d4e", "/metadata/0a1b2c3d4e/profile", "/auth/login"}) {
      EXPECT_EQ(ask(path, "X-Tidepool-Session-Token", token), 401) << what << " " << path;
      EXPECT_EQ(ask(path, "Authorization", "Bearer " + token), 401) << what << " " << path;
    }
  }

  int64_t now_s_ = 1'700'000'000;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ =
      account::Tokens::open(store_, {.now_s = [this] { return now_s_; }}).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_, {}).value();
};

TEST_F(TokenAbuseTest, TheForgeryIsGoodWhereNothingIsForged) {
  const std::string token = forge(R"({"alg":"HS256","typ":"JWT"})", good_claims());
  EXPECT_EQ(ask("/data/0a1b2c3d4e", "X-Tidepool-Session-Token", token), 200);
}

TEST_F(TokenAbuseTest, NoOtherAlgorithmIsTaken) {
  for (const std::string header :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"None","typ":"JWT"})",
        R"({"alg":"","typ":"JWT"})", R"({"alg":"RS256","typ":"JWT"})",
        R"({"alg":"ES256","typ":"JWT"})", R"({"alg":"HS512","typ":"JWT"})",
        R"({"alg":"hs256","typ":"JWT"})", R"({"typ":"JWT"})", R"({"alg":["HS256"],"typ":"JWT"})",
        "{}", ""}) {
    const std::string token = forge(header, good_claims());
    expect_refused(token, header);
    // Without a signature as well.
    expect_refused(token.substr(0, token.rfind('.') + 1), header);
    expect_refused(token.substr(0, token.rfind('.')), header);
  }
}

TEST_F(TokenAbuseTest, NoHeaderChoosesTheKey) {
  for (const std::string header :
       {R"({"alg":"HS256","typ":"JWT","kid":"0"})",
        R"({"alg":"HS256","typ":"JWT","kid":"../../../dev/null"})",
        R"({"alg":"HS256","typ":"JWT","kid":"' OR 1=1 --"})",
        R"({"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":"AAAA"}})",
        R"({"alg":"HS256","typ":"JWT","jku":"https://evil.example/keys"})",
        R"({"alg":"HS256","typ":"JWT","x5u":"https://evil.example/cert"})",
        R"({"alg":"HS256","typ":"JWT","crit":["exp"]})", R"({"typ":"JWT","alg":"HS256"})",
        R"({"alg":"HS256","typ":"JWT","alg":"none"})"}) {
    expect_refused(forge(header, good_claims()), header);
  }
}

TEST_F(TokenAbuseTest, KeysThatAreEasilyGuessedSignNothing) {
  account::SigningKey key{};
  expect_refused(account::sign_jwt(good_claims(), key), "zeros");
  key.fill(0xff);
  expect_refused(account::sign_jwt(good_claims(), key), "ones");
  std::copy_n("secret", 6, key.begin());
  expect_refused(account::sign_jwt(good_claims(), key), "secret");
}

TEST_F(TokenAbuseTest, ExpiredAndNotYetValidTokensAreRefused) {
  const auto sign = [&](int64_t issued_s, int64_t expires_s) {
    return account::sign_jwt(account::claims_json(claims(issued_s, expires_s), "localhost"),
                             real_key());
  };
  expect_refused(sign(now_s_ - 60, now_s_), "expired this second");
  expect_refused(sign(now_s_ - 60, now_s_ - 1), "expired");
  expect_refused(sign(now_s_ + 61, now_s_ + 600), "not yet valid");
  expect_refused(sign(now_s_ - 60, INT64_MIN), "far past");
  EXPECT_EQ(ask("/data/0a1b2c3d4e", "X-Tidepool-Session-Token", sign(now_s_, now_s_ + 1)), 200);
}

TEST_F(TokenAbuseTest, ATokenThatWasEndedCannotBeReplayed) {
  const std::string token = tokens_->issue(kUser, false, 3600);
  server::Request logout;
  logout.method = "POST";
  logout.path = "/auth/logout";
  logout.headers.add("X-Tidepool-Session-Token", token);
  EXPECT_EQ(application_->handle(std::move(logout)).status, 200);
  expect_refused(token, "logged out");
  expect_refused("kc:" + token + ":refresh", "logged out, wrapped");

  const std::string other = tokens_->issue(kUser, false, 3600);
  ASSERT_TRUE(tokens_->end_sessions(kUser));
  expect_refused(other, "all sessions ended");
}

TEST_F(TokenAbuseTest, ATokenCannotBeMadeIntoAnother) {
  const std::string user = tokens_->issue(kUser, false, 3600);
  const std::string server = tokens_->issue("worker", true, 3600);
  const auto part = [](const std::string& token, int index) {
    const size_t first = token.find('.');
    const size_t second = token.rfind('.');
    if (index == 0) return token.substr(0, first);
    return index == 1 ? token.substr(first + 1, second - first - 1) : token.substr(second + 1);
  };
  // The claims of a server under the signature of a user, and the other way round.
  expect_refused(part(user, 0) + '.' + part(server, 1) + '.' + part(user, 2), "claims");
  expect_refused(part(server, 0) + '.' + part(user, 1) + '.' + part(server, 2), "signature");
  expect_refused(user + "A", "longer");
  expect_refused(user + "=", "padded");
  expect_refused(' ' + user, "blank");
  expect_refused(std::string(1 << 20, 'A'), "huge");
}

}  // namespace
}  // namespace tideway::api

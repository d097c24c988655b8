// A Tideway whose users log in at another Tideway, over TLS with a certificate of the test.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <thread>

#include "base/base64url.h"
#include "oidc/secret_text.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/daemon.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"
#include "tests/server/certificates.h"
#include "tests/server/tls_client.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;

constexpr const char* kEmail = "rey@example.org";
constexpr const char* kPassword = "correct-horse";
constexpr const char* kRedirect = "https://app.example.org/callback";
constexpr const char* kVerifier = "M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag";

/// A port that nobody listens on. The address of an issuer holds it, so it is needed beforehand.
uint16_t free_port() {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::acceptor acceptor(context,
                                                {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

class TwoServersTest : public testing::Test {
 protected:
  TwoServersTest() {
    files_.make("localhost");
    user_id_ = add_user(directory_.path() / "issuer", kEmail, kPassword);
    start_issuer();
    client_ = std::make_unique<Daemon>(
        directory_.path() / "client",
        std::vector<std::string>{"--issuer-url", issuer_url(), "--issuer-creates-users"},
        std::vector<std::string>{"SSL_CERT_FILE=" + files_.certificate("localhost")});
  }

  std::string issuer_url() const {
    return fmt::format("https://127.0.0.1:{}/realms/tidepool", issuer_port_);
  }

  /// Plain HTTP for the browser of the test on one port, TLS as an issuer on the other would need
  /// a proxy; the ports of the Uploader do the same.
  void start_issuer() {
    issuer_port_ = free_port();
    issuer_ = std::make_unique<Process>(tideway(
        {"serve", "--data-dir", directory_.path() / "issuer", "--listen",
         fmt::format("127.0.0.1:{}", issuer_port_), "--public-url",
         fmt::format("https://127.0.0.1:{}", issuer_port_), "--oidc-redirects",
         fmt::format("app={}", kRedirect), "--tls-certificate", files_.certificate("localhost"),
         "--tls-key", files_.key("localhost"), "--uploader-local", "--uploader-local-addresses",
         "127.0.0.1:0,127.0.0.1:0,127.0.0.1:0"}));
    const auto line = issuer_->out().first_line(std::chrono::seconds(60));
    if (!line) throw std::runtime_error("the issuer does not start: " + issuer_->err().text());
    for (int i = 0; i < 3000 && plain_port() == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  uint16_t plain_port() const {
    const std::string text = issuer_->out().text();
    const size_t at = text.find("\"Local\": http://127.0.0.1:");
    if (at == std::string::npos || text.find('\n', at) == std::string::npos) return 0;
    return static_cast<uint16_t>(std::stoi(text.substr(at + 26)));
  }

  /// Logs in at the issuer; gives the access token.
  std::string log_in() {
    const std::string paths = "/realms/tidepool/protocol/openid-connect";
    Browser browser(plain_port());
    const std::string back =
        browser.log_in(paths + "/auth?" +
                           form_text({{"client_id", "app"},
                                      {"redirect_uri", kRedirect},
                                      {"response_type", "code"},
                                      {"scope", "openid"},
                                      {"code_challenge", to_base64url(oidc::sha256(kVerifier))},
                                      {"code_challenge_method", "S256"}}),
                       kEmail, kPassword);
    const Reply answer = browser.post(paths + "/token", {{"grant_type", "authorization_code"},
                                                         {"client_id", "app"},
                                                         {"redirect_uri", kRedirect},
                                                         {"code", parameters_of(back)["code"]},
                                                         {"code_verifier", kVerifier}});
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return text_at(answer.body, "/access_token");
  }

  /// Asks until the keys of the issuer have arrived.
  Reply ask_until_known(ApiClient& api, const std::string& target) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(90);
    Reply reply = api.ask("GET", target);
    while (reply.status == 401 && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      reply = api.ask("GET", target);
    }
    return reply;
  }

  server::CertificateFiles files_;
  TemporaryDirectory directory_;
  std::string user_id_;
  uint16_t issuer_port_ = 0;
  std::unique_ptr<Process> issuer_;
  std::unique_ptr<Daemon> client_;
};

TEST_F(TwoServersTest, AUserOfOneUploadsToTheOther) {
  ApiClient api(client_->port());
  const Reply info = api.ask("GET", "/info");
  EXPECT_EQ(text_at(info.body, "/auth/url"), fmt::format("https://127.0.0.1:{}", issuer_port_));
  EXPECT_EQ(text_at(info.body, "/auth/realm"), "tidepool");
  api.token = log_in();
  const Reply user = ask_until_known(api, "/auth/user");
  ASSERT_EQ(user.status, 200u) << client_->log();
  EXPECT_EQ(text_at(user.body, "/userid"), user_id_) << "the same id in both";
  EXPECT_EQ(text_at(user.body, "/username"), kEmail);
  api.user_id = user_id_;
  const std::string set = api.open_set(kContinuousSet);
  EXPECT_EQ(api.add(set, array_of(numbered(3))).status, 200u);
  EXPECT_EQ(names_in(api.fetch()).size(), 3u);
  // Logging out here ends the token here.
  EXPECT_EQ(api.ask("POST", "/auth/logout").status, 200u);
  EXPECT_EQ(api.ask("GET", "/auth/user").status, 401u);
  EXPECT_EQ(client_->stop(), 0);
}

TEST_F(TwoServersTest, WithoutTrustInTheCertificateThereAreNoKeys) {
  Daemon wary(directory_.path() / "wary", {"--issuer-url", issuer_url()});
  for (int i = 0; i < 6000 && wary.log().find("OpenID issuer") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(wary.log(), HasSubstr("certificate verify failed"));
  ApiClient api(wary.port());
  api.token = log_in();
  EXPECT_EQ(api.ask("GET", "/auth/user").status, 401u);
  EXPECT_EQ(wary.stop(), 0);
}

}  // namespace
}  // namespace tideway::e2e

// Real certificates, real handshakes, real sockets.
#include "server/tls.h"

#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/server/certificates.h"
#include "tests/server/server_fixture.h"
#include "tests/server/tls_client.h"

namespace tideway::server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kEcho = "GET /a  ";

class TlsTest : public ServerTest {
 protected:
  TlsTest() {
    // OpenSSL writes to sockets that the peer has closed.
    std::signal(SIGPIPE, SIG_IGN);
    files_.make("first");
    files_.copy("first", "present");
    options_.tls_certificate = files_.certificate("present");
    options_.tls_key = files_.key("present");
  }

  /// The answer to a small request.
  static std::string ask(TlsClient& client) {
    client.send(get("/a"));
    return client.read(kEcho.size());
  }

  /// Why the server does not start.
  std::string refusal() {
    try {
      const Server server(options_, handler_, &unix_handler_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "it starts";
  }

  CertificateFiles files_;
};

TEST_F(TlsTest, AnswersOverTls) {
  start();
  TlsClient client(server_->port());
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.version(), "TLSv1.3");
  EXPECT_EQ(client.common_name(), "first");
  for (int i = 0; i < 3; ++i) {
    const std::string answer = ask(client);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(answer, EndsWith(kEcho));
  }
}

TEST_F(TlsTest, SpeaksTwelveAndThirteenAndNothingOlder) {
  start();
  EXPECT_FALSE(TlsClient(server_->port(), {.version_max = TLS1_VERSION}).connected());
  EXPECT_FALSE(TlsClient(server_->port(), {.version_max = TLS1_1_VERSION}).connected());
  TlsClient twelve(server_->port(), {.version_max = TLS1_2_VERSION});
  ASSERT_TRUE(twelve.connected());
  EXPECT_EQ(twelve.version(), "TLSv1.2");
  EXPECT_THAT(ask(twelve), EndsWith(kEcho));
}

TEST_F(TlsTest, WantsForwardSecrecyAndAuthenticatedEncryption) {
  start();
  const auto connects = [&](std::string ciphers) {
    return TlsClient(server_->port(),
                     {.version_max = TLS1_2_VERSION, .ciphers = std::move(ciphers)})
        .connected();
  };
  EXPECT_TRUE(connects("ECDHE-ECDSA-AES128-GCM-SHA256"));
  EXPECT_TRUE(connects("ECDHE-ECDSA-CHACHA20-POLY1305"));
  EXPECT_FALSE(connects("ECDHE-ECDSA-AES128-SHA"));
  EXPECT_FALSE(connects("AES128-GCM-SHA256"));
}

TEST_F(TlsTest, TellsClientsThatItSpeaksHttp11) {
  start();
  EXPECT_EQ(TlsClient(server_->port(), {.offer_http2 = true}).protocol(), "http/1.1");
}

TEST_F(TlsTest, ReloadsWithoutTouchingOpenConnections) {
  start();
  TlsClient before(server_->port());
  EXPECT_THAT(ask(before), EndsWith(kEcho));
  files_.make("second");
  files_.copy("second", "present");
  server_->reload_certificate();
  TlsClient after(server_->port());
  ASSERT_TRUE(after.connected());
  EXPECT_EQ(after.common_name(), "second");
  EXPECT_THAT(ask(before), EndsWith(kEcho)) << "the old connection lives on";
  EXPECT_THAT(ask(after), EndsWith(kEcho));
}

TEST_F(TlsTest, AFailedReloadChangesNothing) {
  start();
  std::ofstream(files_.certificate("present")) << "nonsense";
  EXPECT_THROW(server_->reload_certificate(), std::runtime_error);
  TlsClient client(server_->port());
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.common_name(), "first");
}

TEST_F(TlsTest, RefusesToStartWithFilesThatCannotBeUsed) {
  files_.make("other");
  options_.tls_certificate = files_.path("nowhere");
  EXPECT_THAT(refusal(), HasSubstr("nowhere\": No such file"));
  options_.tls_certificate = files_.path(".");
  EXPECT_THAT(refusal(), HasSubstr("it is a directory"));
  options_.tls_certificate = files_.certificate("first");
  options_.tls_key = files_.key("other");
  EXPECT_THAT(refusal(), HasSubstr("key values mismatch"));
  options_.tls_key = files_.certificate("first");
  EXPECT_THAT(refusal(), HasSubstr("cannot use the key"));
  options_.tls_certificate = files_.key("first");
  EXPECT_THAT(refusal(), HasSubstr("cannot use the certificate"));
}

TEST_F(TlsTest, LargeBodiesGoBothWays) {
  start();
  const std::string body(5 << 20, 'x');
  TlsClient client(server_->port());
  client.send(post("/big", body));
  const std::string answer = client.read(body.size() + std::string_view("POST /big  ").size());
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(answer.ends_with(body));
}

TEST_F(TlsTest, SaysGoodBye) {
  start();
  TlsClient client(server_->port());
  client.send("GET /a HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.ends_properly());
}

TEST_F(TlsTest, PlainHttpOnTheTlsPortGetsNothing) {
  start();
  Client plain = client();
  plain.send(get("/a"));
  EXPECT_FALSE(plain.read());
}

TEST_F(TlsTest, AnUnfinishedHandshakeIsClosed) {
  options_.header_timeout = std::chrono::milliseconds(100);
  start();
  Client silent = client();
  EXPECT_TRUE(silent.is_closed_within());
}

TEST_F(TlsTest, RequestsKnowThatTheyCameOverTls) {
  start([](const Request& request) { return TestHandler::text(request.https ? "yes" : "no"); });
  TlsClient client(server_->port());
  client.send(get("/"));
  EXPECT_THAT(client.read(3), EndsWith("yes"));
}

}  // namespace
}  // namespace tideway::server

// TLS of the running program: the settings, and SIGHUP.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/e2e/daemon.h"
#include "tests/server/certificates.h"
#include "tests/server/client.h"
#include "tests/server/tls_client.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class TlsProgramTest : public testing::Test {
 protected:
  TlsProgramTest() {
    std::signal(SIGPIPE, SIG_IGN);
    files_.make("first");
    files_.copy("first", "present");
  }

  std::vector<std::string> flags() const {
    return {"--tls-certificate", files_.certificate("present"), "--tls-key", files_.key("present")};
  }

  static bool answers(server::TlsClient& client) {
    client.send(server::get("/v1/time"));
    return client.read(10).starts_with("HTTP/1.1 200");
  }

  /// Waits until new connections get the certificate of that name.
  static bool presents(uint16_t port, const std::string& name) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      if (server::TlsClient(port).common_name() == name) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  server::CertificateFiles files_;
  TemporaryDirectory directory_;
};

TEST_F(TlsProgramTest, ServesHttpsAndReadsTheCertificateAgainOnSighup) {
  Daemon daemon(directory_.path() / "data", flags());
  EXPECT_THAT(daemon.first_line(), HasSubstr("https://127.0.0.1:"));
  server::TlsClient before(daemon.port());
  ASSERT_TRUE(before.connected());
  EXPECT_TRUE(answers(before));
  files_.make("second");
  files_.copy("second", "present");
  ASSERT_EQ(::kill(daemon.pid(), SIGHUP), 0);
  EXPECT_TRUE(presents(daemon.port(), "second"));
  EXPECT_TRUE(answers(before)) << "the connection from before was not dropped";
  // A certificate that cannot be used is not taken, and nothing stops.
  std::ofstream(files_.certificate("present")) << "nonsense";
  ASSERT_EQ(::kill(daemon.pid(), SIGHUP), 0);
  EXPECT_TRUE(answers(before));
  EXPECT_TRUE(presents(daemon.port(), "second"));
  EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(TlsProgramTest, RefusesToStartWithBadFilesAndSaysWhy) {
  for (const auto& [certificate, reason] :
       {std::pair(files_.path("nowhere"), "No such file"),
        std::pair(files_.key("present"), "cannot use the certificate")}) {
    const Outcome outcome =
        run(tideway({"serve", "--data-dir", directory_.path() / "data", "--listen", "127.0.0.1:0",
                     "--tls-certificate", certificate, "--tls-key", files_.key("present")}));
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr(reason));
  }
  const Outcome half = run(tideway({"serve", "--tls-certificate", files_.certificate("present")}));
  EXPECT_EQ(half.exit_code, 2);
  EXPECT_THAT(half.err, HasSubstr("tls_certificate and tls_key are needed both or none"));
}

}  // namespace
}  // namespace tideway::e2e

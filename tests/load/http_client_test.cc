// What the client makes of answers, over plain connections and TLS.
#include "load/http_client.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <iostream>

#include "tests/load/tls_server.h"

namespace tideway::load {
namespace {

constexpr std::chrono::seconds kPatience{20};
const std::string kAnswer = "HTTP/1.1 200 OK\r\nx-name: value\r\nContent-Length: 5\r\n\r\nhello";

Url url_of(const TlsServer& server, std::string host) {
  return {
      .tls = true, .host = std::move(host), .port = std::to_string(server.port()), .prefix = {}};
}

std::expected<Answer, std::string> ask(const TlsServer& server, std::string host,
                                       const std::string& ca_file) {
  const auto tls = TlsContext::make(ca_file);
  if (!tls) return std::unexpected(tls.error());
  return HttpClient(url_of(server, std::move(host)), *tls, kPatience).send("GET", "/", "");
}

TEST(HttpClient, SpeaksTlsWithWhomItKnows) {
  for (const auto& [name, host] :
       {std::pair{"DNS:localhost", "localhost"}, std::pair{"IP:127.0.0.1", "127.0.0.1"}}) {
    if (gethostbyname(host) == nullptr) {
      std::cout << "not tried, since the machine does not know it: " << host << "\n";
      continue;
    }
    const TlsServer server(name, kAnswer);
    const auto answer = ask(server, host, server.certificate_file());
    ASSERT_TRUE(answer) << name << ": " << answer.error();
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->field("X-Name"), "value");
  }
}

TEST(HttpClient, DoesNotBelieveAnyCertificate) {
  const TlsServer stranger("IP:127.0.0.1", kAnswer);
  EXPECT_FALSE(ask(stranger, "127.0.0.1", ""));
}

TEST(HttpClient, DoesNotTakeOneServerForAnother) {
  const TlsServer other("DNS:other.example.org", kAnswer);
  EXPECT_FALSE(ask(other, "127.0.0.1", other.certificate_file()));
}

TEST(HttpClient, ReadsChunks) {
  const TlsServer server("IP:127.0.0.1",
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "4\r\nhell\r\nb\r\no and so on\r\n0\r\n\r\n");
  const auto answer = ask(server, "127.0.0.1", server.certificate_file());
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(answer->body, "hello and so on");
}

TEST(HttpClient, TakesNothingHalfForAWhole) {
  for (const char* broken : {
           "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
           "HTTP/1.1 200 OK\r\n\r\nhello",
           "HTTP/1.1 200 OK\r\nContent-Le",
           "SMTP ready\r\n\r\n",
           "HTTP/1.1 abc\r\n\r\n",
       }) {
    const TlsServer server("IP:127.0.0.1", broken);
    EXPECT_FALSE(ask(server, "127.0.0.1", server.certificate_file())) << broken;
  }
}

}  // namespace
}  // namespace tideway::load

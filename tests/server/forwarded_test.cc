#include "server/forwarded.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

Request request_from(std::string peer, const std::string& forwarded_for,
                     const std::string& scheme = "") {
  Request request;
  request.peer_address = std::move(peer);
  if (!forwarded_for.empty()) request.headers.add("X-Forwarded-For", forwarded_for);
  if (!scheme.empty()) request.headers.add("X-Forwarded-Proto", scheme);
  return request;
}

std::string client_of(const TrustedProxies& proxies, std::string peer, const std::string& list) {
  Request request = request_from(std::move(peer), list);
  proxies.identify(request);
  return request.client_address;
}

TEST(Network, ReadsAddressesAndNetworks) {
  for (const auto* text : {"192.0.2.7", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8", "::/0"}) {
    EXPECT_TRUE(Network::parse(text)) << text;
  }
  for (const auto* text : {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fd00::/129",
                           "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0.0/4294967290"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(Network, ContainsWhatSharesItsPrefix) {
  EXPECT_TRUE(Network::parse("10.0.0.0/8")->contains("10.255.0.1"));
  EXPECT_FALSE(Network::parse("10.0.0.0/8")->contains("11.0.0.1"));
  EXPECT_TRUE(Network::parse("192.0.2.128/25")->contains("192.0.2.200"));
  EXPECT_FALSE(Network::parse("192.0.2.128/25")->contains("192.0.2.100"));
  EXPECT_TRUE(Network::parse("192.0.2.7")->contains("::ffff:192.0.2.7")) << "a v4-mapped peer";
  EXPECT_TRUE(Network::parse("fd00::/8")->contains("fdff::1"));
  EXPECT_FALSE(Network::parse("fd00::/8")->contains("fe80::1"));
  EXPECT_FALSE(Network::parse("10.0.0.0/8")->contains("")) << "a Unix socket";
}

TEST(TrustedProxies, NobodyIsBelievedUnlessConfigured) {
  const TrustedProxies none({});
  EXPECT_EQ(client_of(none, "203.0.113.5", "198.51.100.1"), "203.0.113.5");
  const TrustedProxies other({"10.0.0.0/8"});
  EXPECT_EQ(client_of(other, "203.0.113.5", "198.51.100.1"), "203.0.113.5");
}

TEST(TrustedProxies, TheLastForeignAddressCounts) {
  const TrustedProxies proxies({"10.0.0.0/8", "127.0.0.1"});
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "198.51.100.1, 10.1.2.3"), "198.51.100.1");
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "1.2.3.4, 198.51.100.1"), "198.51.100.1")
      << "what the client itself wrote stands before what the proxy saw";
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "192.168.1.7"), "192.168.1.7") << "private is fine";
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "198.51.100.1:4711"), "198.51.100.1");
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "[2001:db8::1]:4711"), "2001:db8::1");
  EXPECT_EQ(client_of(proxies, "127.0.0.1", "198.51.100.1, unknown"), "127.0.0.1");
  EXPECT_EQ(client_of(proxies, "127.0.0.1", ""), "127.0.0.1");
}

TEST(TrustedProxies, SeveralFieldsAreOneList) {
  const TrustedProxies proxies({"127.0.0.1"});
  Request request = request_from("127.0.0.1", "1.2.3.4");
  request.headers.add("x-forwarded-for", "198.51.100.1");
  proxies.identify(request);
  EXPECT_EQ(request.client_address, "198.51.100.1");
}

TEST(TrustedProxies, TellTheScheme) {
  const TrustedProxies proxies({"127.0.0.1"});
  Request trusted = request_from("127.0.0.1", "", "https");
  proxies.identify(trusted);
  EXPECT_TRUE(trusted.https);
  Request foreign = request_from("203.0.113.5", "", "https");
  proxies.identify(foreign);
  EXPECT_FALSE(foreign.https);
}

TEST(TrustedProxies, RefuseWhatIsNoNetwork) {
  EXPECT_THROW(TrustedProxies({"localhost"}), std::runtime_error);
}

class ForwardedTest : public ServerTest {};

TEST_F(ForwardedTest, HandlersSeeWhoSent) {
  options_.trusted_proxies = {"127.0.0.0/8"};
  start([](const Request& request) {
    return TestHandler::text(request.peer_address + " " + request.client_address +
                             (request.https ? " https" : " http"));
  });
  EXPECT_EQ(client().ask(get("/", "X-Forwarded-For: 198.51.100.1\r\n"))->body,
            "127.0.0.1 198.51.100.1 http");
  EXPECT_EQ(client().ask(get("/", "X-Forwarded-Proto: https\r\n"))->body,
            "127.0.0.1 127.0.0.1 https");
}

}  // namespace
}  // namespace tideway::server

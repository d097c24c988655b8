#include "load/url.h"

#include <gtest/gtest.h>

namespace tideway::load {
namespace {

TEST(Url, TakesHostPortAndPrefix) {
  const auto url = parse_url("https://data.example.org:8443/tidepool/");
  ASSERT_TRUE(url) << url.error();
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "data.example.org");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->prefix, "/tidepool");
  EXPECT_EQ(url->authority(), "data.example.org:8443");
}

TEST(Url, KnowsTheUsualPorts) {
  EXPECT_EQ(parse_url("http://a")->port, "80");
  EXPECT_EQ(parse_url("https://a/")->port, "443");
  EXPECT_EQ(parse_url("http://a")->authority(), "a");
  EXPECT_EQ(parse_url("http://a/")->prefix, "");
}

TEST(Url, TakesVersionSixAddresses) {
  const auto url = parse_url("http://[::1]:8009");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->authority(), "[::1]:8009");
}

TEST(Url, RefusesWhatIsNoServer) {
  EXPECT_EQ(parse_url("localhost").error(), "'localhost' is not a URL");
  EXPECT_EQ(parse_url("ftp://a").error(), "'ftp://a' begins with neither http:// nor https://");
  EXPECT_EQ(parse_url("http://:80").error(), "'http://:80' names no host");
  for (const char* text : {"http://a?b=c", "http://a#b", "http://user:secret@a"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

}  // namespace
}  // namespace tideway::load

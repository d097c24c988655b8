#include "oidc/clients.h"

#include <gtest/gtest.h>

namespace tideway::oidc {
namespace {

class ClientsTest : public testing::Test {
 protected:
  Clients clients_{"https://dia.example.net"};
};

// docs/spec/clients.md 4.3
TEST_F(ClientsTest, KnowsTodaysClients) {
  EXPECT_TRUE(clients_.may_redirect("xdrip", "xdrip://callback/tidepool"));
  EXPECT_TRUE(clients_.may_redirect("aaps", "aaps://callback/tidepool"));
  EXPECT_TRUE(clients_.may_redirect("tidepool-loop", "org.tidepool.tidepoolkit.auth://redirect"));
  EXPECT_TRUE(clients_.may_redirect("tidepool-carepartner-ios",
                                    "org.tidepool.tidepoolkit.auth://redirect"));
  EXPECT_TRUE(
      clients_.may_redirect("nightscout-trio", "org.nightscout.trio.tidepoolkit.auth://redirect"));
  EXPECT_TRUE(
      clients_.may_redirect("tidepool-uploader-sso", "https://dia.example.net/upload-redirect"));
  EXPECT_TRUE(clients_.knows("blip"));
  EXPECT_FALSE(clients_.knows("stranger"));
  EXPECT_FALSE(clients_.knows(""));
}

TEST_F(ClientsTest, ComparesAddressesExactly) {
  for (const std::string_view uri :
       {"xdrip://callback/tidepool/", "xdrip://callback/tidepool?x=1", "xdrip://callback",
        "XDRIP://callback/tidepool", "xdrip://callback/tidepool#x", "aaps://callback/tidepool",
        "https://dia.example.net/upload-redirect", "javascript:alert(1)", ""}) {
    EXPECT_FALSE(clients_.may_redirect("xdrip", uri)) << uri;
  }
}

TEST_F(ClientsTest, MoreCanBeConfigured) {
  EXPECT_TRUE(clients_.add("mine=https://app.example.org/cb"));
  EXPECT_TRUE(clients_.may_redirect("mine", "https://app.example.org/cb"));
  EXPECT_FALSE(clients_.may_redirect("mine", "https://app.example.org/cb/more"));
  EXPECT_TRUE(clients_.add("blip=https://web.example.org/*"));
  EXPECT_TRUE(clients_.may_redirect("blip", "https://web.example.org/"));
  EXPECT_TRUE(clients_.may_redirect("blip", "https://web.example.org/patients/1/data"));
  EXPECT_FALSE(clients_.may_redirect("blip", "https://web.example.org.evil.example/"));
  EXPECT_FALSE(clients_.may_redirect("blip", "https://web.example.org"));
  EXPECT_FALSE(clients_.may_redirect("blip", "https://web.example.org/../x"));
  for (const std::string_view bad :
       {"mine", "=https://x.example", "mine=", "mine=/path", "mine=https://x.example/#f",
        "mine=https://x.example/a b", "mine=https://x.example/;a"}) {
    EXPECT_FALSE(clients_.add(bad)) << bad;
  }
}

TEST(FormTarget, IsWhatAPolicyUnderstands) {
  EXPECT_EQ(form_target("xdrip://callback/tidepool"), "xdrip:");
  EXPECT_EQ(form_target("https://app.example.org:8443/a/b?c"), "https://app.example.org:8443");
  EXPECT_EQ(form_target("http://localhost:3000"), "http://localhost:3000");
  EXPECT_TRUE(is_app_uri("xdrip://callback/tidepool"));
  EXPECT_FALSE(is_app_uri("https://app.example.org/"));
}

}  // namespace
}  // namespace tideway::oidc

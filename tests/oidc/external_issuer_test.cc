// Tokens of another issuer, with a clock, keys and a network of the test.
#include "oidc/external_issuer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>

#include "base/ids.h"
#include "oidc/jwk.h"
#include "tests/store/memory_store.h"

namespace tideway::oidc {
namespace {

constexpr std::string_view kIssuer = "https://id.example.net/realms/r";
constexpr int64_t kNow = 1'700'000'000;

class ExternalIssuerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    first_ = {.id = "one", .pem = make_rsa_key()};
    second_ = {.id = "two", .pem = make_rsa_key()};
  }

  ~ExternalIssuerTest() override { issuer_.reset(); }

  void open(bool create = true, std::string audience = "") {
    publish({first_});
    issuer_ =
        ExternalIssuer::open(store_, accounts_, {.issuer = std::string(kIssuer), .create = create},
                             {.issuer = std::string(kIssuer),
                              .audience = std::move(audience),
                              .retry_interval_ms = 10,
                              .unknown_key_interval_ms = 10,
                              .fetch = [this](const std::string& url) { return fetch(url); },
                              .now_s = [this] { return now_s_.load(); }})
            .value();
    ASSERT_TRUE(becomes([this] { return issuer_->key_count() == 1; }));
  }

  void publish(const std::vector<Key>& keys) {
    std::vector<Key> published;
    for (const Key& key : keys) published.push_back({.id = key.id, .pem = public_pem(key.pem)});
    const std::lock_guard lock(mutex_);
    documents_[std::string(kIssuer) + "/.well-known/openid-configuration"] =
        fmt::format(R"({{"issuer":"{}","jwks_uri":"https://id.example.net/keys"}})", kIssuer);
    documents_["https://id.example.net/keys"] = jwks_json(published);
  }

  std::expected<std::string, std::string> fetch(const std::string& url) {
    const std::lock_guard lock(mutex_);
    ++fetches_;
    const auto found = documents_.find(url);
    if (found == documents_.end()) return std::unexpected("nothing there");
    return found->second;
  }

  /// Waits for a condition that another thread brings about.
  static bool becomes(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }

  static std::string claims(std::string_view more = "", std::string_view issuer = kIssuer,
                            int64_t expires_s = kNow + 300) {
    return fmt::format(
        R"({{"iss":"{}","sub":"0a1b2c3d4e","exp":{},"iat":{},"azp":"trio","jti":"{}",)"
        R"("email":"rey@example.org","email_verified":true,"name":"Rey"{}}})",
        issuer, expires_s, kNow, random_id(), more);
  }

  std::string user_of(const std::string& text) {
    const auto token = issuer_->verify(text);
    return token ? token->user_id : "";
  }
  std::string user_of_claims(const std::string& json) { return user_of(sign_jws(json, first_)); }

  static inline Key first_;
  static inline Key second_;
  std::atomic<int64_t> now_s_{kNow};
  std::mutex mutex_;
  std::map<std::string, std::string> documents_;
  int fetches_ = 0;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<ExternalIssuer> issuer_;
};

TEST_F(ExternalIssuerTest, MakesAnAccountAtTheFirstLogin) {
  open();
  EXPECT_EQ(user_of_claims(claims()), "0a1b2c3d4e") << "clients take the subject for the user id";
  const auto user = accounts_.find("0a1b2c3d4e").value();
  ASSERT_TRUE(user);
  EXPECT_EQ(user->email, "rey@example.org");
  EXPECT_EQ(user->full_name, "Rey");
  EXPECT_TRUE(user->email_verified);
  EXPECT_EQ(user_of_claims(claims()), "0a1b2c3d4e");
}

TEST_F(ExternalIssuerTest, MakesNoneUnlessWanted) {
  open(false);
  EXPECT_EQ(user_of_claims(claims()), "");
  EXPECT_FALSE(accounts_.find("0a1b2c3d4e").value());
}

TEST_F(ExternalIssuerTest, FindsTheAccountWithTheSameVerifiedAddress) {
  open(false);
  const auto rey = accounts_
                       .create({.email = "Rey@example.org",
                                .password = "correct-horse",
                                .full_name = "",
                                .roles = {},
                                .verified = true})
                       .value();
  EXPECT_EQ(user_of_claims(claims()), rey.id);
  // From now on it is linked, whatever the address is.
  EXPECT_EQ(user_of_claims(fmt::format(R"({{"iss":"{}","sub":"0a1b2c3d4e","exp":{},"iat":{}}})",
                                       kIssuer, kNow + 9, kNow)),
            rey.id);
  EXPECT_EQ(user_of_claims(fmt::format(
                R"({{"iss":"{}","sub":"other","exp":{},"iat":{},"email":"rey@example.org",)"
                R"("email_verified":false}})",
                kIssuer, kNow + 9, kNow)),
            "")
      << "anybody can claim an address that nobody verified";
}

TEST_F(ExternalIssuerTest, RefusesWhatIsNotForHereOrNotNow) {
  open(true, "tideway");
  EXPECT_EQ(user_of_claims(claims(R"(,"aud":"tideway")")), "0a1b2c3d4e");
  EXPECT_EQ(user_of_claims(claims(R"(,"aud":["account","tideway"])")), "0a1b2c3d4e");
  EXPECT_EQ(user_of_claims(claims(R"(,"aud":"account")")), "");
  EXPECT_EQ(user_of_claims(claims()), "");
  const std::string aud = R"(,"aud":"tideway")";
  EXPECT_EQ(user_of_claims(claims(aud, "https://evil.example")), "");
  EXPECT_EQ(user_of_claims(claims(aud, kIssuer, kNow)), "") << "expired";
  EXPECT_EQ(user_of_claims(claims(aud + fmt::format(R"(,"nbf":{})", kNow + 100))), "");
  EXPECT_EQ(user_of_claims(claims(aud + R"(,"typ":"ID")")), "") << "an id token";
  EXPECT_EQ(user_of_claims(claims(aud + R"(,"typ":"Bearer")")), "0a1b2c3d4e");
  now_s_ = kNow - 100;
  EXPECT_EQ(user_of_claims(claims(aud)), "") << "issued in the future";
}

TEST_F(ExternalIssuerTest, TakesUpNewKeys) {
  open();
  const std::string text = sign_jws(claims(), second_);
  EXPECT_EQ(user_of(text), "");
  publish({first_, second_});
  EXPECT_TRUE(becomes([&] { return user_of(text) == "0a1b2c3d4e"; }));
  // And forgets old ones.
  publish({second_});
  const Key unknown{.id = "three", .pem = first_.pem};
  EXPECT_TRUE(becomes([&] {
    user_of(sign_jws(claims(), unknown));
    return user_of(sign_jws(claims(), first_)).empty();
  }));
}

TEST_F(ExternalIssuerTest, SurvivesAnIssuerThatIsAway) {
  open();
  {
    const std::lock_guard lock(mutex_);
    documents_.clear();
  }
  const Key unknown{.id = "three", .pem = first_.pem};
  const int before = [&] {
    const std::lock_guard lock(mutex_);
    return fetches_;
  }();
  EXPECT_TRUE(becomes([&] {
    user_of(sign_jws(claims(), unknown));
    const std::lock_guard lock(mutex_);
    return fetches_ > before + 2;
  }));
  EXPECT_EQ(user_of_claims(claims()), "0a1b2c3d4e") << "the keys from before";
}

TEST_F(ExternalIssuerTest, RevokingEndsATokenHere) {
  open();
  const std::string text = sign_jws(claims(), first_);
  EXPECT_EQ(user_of(text), "0a1b2c3d4e");
  ASSERT_TRUE(issuer_->revoke(text));
  EXPECT_EQ(user_of(text), "");
}

TEST_F(ExternalIssuerTest, TokensExpireAlsoInTheCache) {
  open();
  const std::string text = sign_jws(claims(), first_);
  EXPECT_EQ(user_of(text), "0a1b2c3d4e");
  now_s_ = kNow + 300;
  EXPECT_EQ(user_of(text), "");
}

}  // namespace
}  // namespace tideway::oidc

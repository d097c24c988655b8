// Every way to pass a token off as signed that is known to have worked somewhere.
#include "oidc/jws.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <cstdlib>

#include "base/base64url.h"
#include "oidc/jwk.h"

namespace tideway::oidc {
namespace {

constexpr std::string_view kClaims = R"({"sub":"0a1b2c3d4e"})";

class JwsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { pem_ = make_rsa_key(); }

  static Key signer() { return {.id = "k1", .pem = pem_}; }
  static Key verifier() { return {.id = "k1", .pem = public_pem(pem_)}; }

  static std::optional<std::string> open(std::string_view text) {
    return open_jws(text, [](std::string_view id) {
      return id == "k1" ? std::optional(verifier()) : std::nullopt;
    });
  }

  /// A token with this header, and the signature that `sign` makes of its first two parts.
  static std::string forged(std::string_view header,
                            const std::function<std::string(const std::string&)>& sign) {
    const std::string parts = to_base64url(header) + "." + to_base64url(kClaims);
    return parts + "." + to_base64url(sign(parts));
  }

  /// HMAC with the public key as the secret: what a verifier computes that believes the header.
  static std::string hmac_with_public_key(const std::string& text) {
    const std::string key = verifier().pem;
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const uint8_t*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const uint8_t*>(text.data()),
                                  text.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<uint8_t*>(mac.data()));
    return mac;
  }

 private:
  static inline std::string pem_;
};

TEST_F(JwsTest, OpensWhatItSigned) {
  const std::string text = sign_jws(kClaims, signer());
  EXPECT_EQ(open(text), kClaims);
}

TEST_F(JwsTest, RefusesWhatWasTamperedWith) {
  const std::string text = sign_jws(kClaims, signer());
  const size_t first = text.find('.');
  const size_t last = text.rfind('.');
  const std::string other = to_base64url(R"({"sub":"ffffffffff"})");
  EXPECT_FALSE(open(text.substr(0, first + 1) + other + text.substr(last)));
  std::string flipped = text;
  flipped[last + 10] = flipped[last + 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(open(flipped));
  EXPECT_FALSE(open(text.substr(0, last + 1))) << "no signature";
  EXPECT_FALSE(open(text.substr(0, last)));
  EXPECT_FALSE(open(text + ".x"));
  EXPECT_FALSE(open(""));
  EXPECT_FALSE(open(std::string(9000, 'a')));
}

TEST_F(JwsTest, RefusesOtherAlgorithms) {
  const auto nothing = [](const std::string&) { return std::string(); };
  EXPECT_FALSE(open(forged(R"({"alg":"none","kid":"k1","typ":"JWT"})", nothing)));
  EXPECT_FALSE(open(forged(R"({"alg":"None","kid":"k1"})", nothing)));
  EXPECT_FALSE(open(forged(R"({"alg":"","kid":"k1"})", nothing)));
  EXPECT_FALSE(open(forged(R"({"kid":"k1"})", nothing)));
  EXPECT_FALSE(open(forged(R"({"alg":"HS256","kid":"k1"})", hmac_with_public_key)));
  EXPECT_FALSE(open(forged(R"({"alg":"RS512","kid":"k1"})", nothing)));
  EXPECT_FALSE(open(forged(R"({"alg":"ES256","kid":"k1"})", nothing)));
}

// The JSON library that reads the header here takes the first of two equal names, the one inside
// libjwt the last.
TEST_F(JwsTest, RefusesAnAlgorithmThatIsGivenTwice) {
  for (const std::string_view header : {R"({"alg":"RS256","alg":"HS256","kid":"k1"})",
                                        R"({"alg":"HS256","alg":"RS256","kid":"k1"})"}) {
    EXPECT_FALSE(open(forged(header, hmac_with_public_key))) << header;
  }
}

TEST_F(JwsTest, LooksKeysUpByIdAlone) {
  Key other = signer();
  for (const std::string& id : {std::string("k2"), std::string("../k1"), std::string("k1 "),
                                std::string("' OR 1=1"), std::string("/dev/null")}) {
    other.id = id;
    EXPECT_FALSE(open(sign_jws(kClaims, other))) << id;
  }
  const auto nothing = [](const std::string&) { return std::string("x"); };
  EXPECT_FALSE(open(forged(R"({"alg":"RS256"})", nothing))) << "no id";
  EXPECT_FALSE(open(forged(R"({"alg":"RS256","kid":["k1"]})", nothing)));
  EXPECT_FALSE(open(forged(R"({"alg":"RS256","kid":7})", nothing)));
}

TEST_F(JwsTest, TakesNoKeyFromTheToken) {
  // Signed soundly, by a key that the header brings along.
  const Key attacker{.id = "k1", .pem = make_rsa_key()};
  EXPECT_FALSE(open(sign_jws(kClaims, attacker)));
}

TEST_F(JwsTest, RefusesCriticalExtensions) {
  const auto nothing = [](const std::string&) { return std::string("x"); };
  EXPECT_FALSE(open(forged(R"({"alg":"RS256","kid":"k1","crit":["exp"]})", nothing)));
}

TEST_F(JwsTest, KeysTravelAsJwks) {
  const auto keys = read_jwks(jwks_json({verifier()}));
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ(keys->front().id, "k1");
  EXPECT_EQ(keys->front().pem, verifier().pem);
}

TEST(Jwks, ReadsP256Keys) {
  // RFC 7517, appendix A.1.
  const auto keys = read_jwks(
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
      R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},)"
      R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
      R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"2"}]})");
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1u) << "the one for encryption is left out";
  EXPECT_EQ(keys->front().id, "2");
  EXPECT_EQ(keys->front().algorithm, Algorithm::kEs256);
}

TEST(Jwks, LeavesOutWhatIsOfNoUse) {
  const auto count = [](std::string_view json) {
    const auto keys = read_jwks(json);
    return keys ? static_cast<int>(keys->size()) : -1;
  };
  EXPECT_EQ(count("nonsense"), -1);
  EXPECT_EQ(count("{}"), -1);
  EXPECT_EQ(count(R"({"keys":[]})"), 0);
  EXPECT_EQ(count(R"({"keys":[{"kty":"oct","kid":"1","k":"AAAA"}]})"), 0) << "a shared secret";
  EXPECT_EQ(count(R"({"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}]})"), 0) << "short";
  EXPECT_EQ(count(R"({"keys":[{"kty":"EC","kid":"1","crv":"P-256","x":"AA","y":"AA"}]})"), 0);
  EXPECT_EQ(count(R"({"keys":[7]})"), 0);
}

}  // namespace
}  // namespace tideway::oidc

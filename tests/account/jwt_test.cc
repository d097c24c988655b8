#include "account/jwt.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace tideway::account {
namespace {

SigningKey key_of(uint8_t first) {
  SigningKey key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(first + i);
  return key;
}

const SigningKey kKey = key_of(0);
constexpr std::string_view kClaims = R"({"usr":"3f9c1a7b42"})";

std::string base64url(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                  '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();
  return out;
}

/// A token with any header, correctly signed with the key.
std::string signed_with_header(std::string_view header, const SigningKey& key) {
  const std::string text = base64url(header) + "." + base64url(kClaims);
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256(reinterpret_cast<uint8_t*>(mac.data()),
                         reinterpret_cast<const uint8_t*>(text.data()), text.size(), key.data());
  return text + "." + base64url(mac);
}

TEST(JwtTest, IsTheTextThatOtherLibrariesMake) {
  // The same claims and key signed by an independent implementation (Python's hmac and base64).
  EXPECT_EQ(sign_jwt(kClaims, kKey),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c3IiOiIzZjljMWE3YjQyIn0."
            "cbZoDhnHty3A7iKerzxq-u8piu6mOjvhlSyU8RFQl1Q");
}

TEST(JwtTest, OpensWhatItSigned) {
  EXPECT_EQ(open_jwt(sign_jwt(kClaims, kKey), kKey), kClaims);
  EXPECT_EQ(open_jwt(sign_jwt("", kKey), kKey), "");
  EXPECT_EQ(open_jwt(signed_with_header(R"({"alg":"HS256","typ":"JWT"})", kKey), kKey), kClaims);
}

TEST(JwtTest, AnotherKeyOpensNothing) {
  EXPECT_FALSE(open_jwt(sign_jwt(kClaims, key_of(1)), kKey));
}

TEST(JwtTest, NoOtherHeaderIsAcceptedEvenCorrectlySigned) {
  for (const auto* header :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"none"})", R"({"alg":"NONE","typ":"JWT"})",
        R"({"alg":"HS512","typ":"JWT"})", R"({"alg":"RS256","typ":"JWT"})", R"({"alg":"HS256"})",
        R"({"typ":"JWT","alg":"HS256"})", R"({"alg":"hs256","typ":"JWT"})",
        R"({"alg":"HS256","typ":"JWT","kid":"../../dev/null"})",
        R"({"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":"AA"}})",
        R"({"alg":"HS256","typ":"JWT","crit":["b64"],"b64":false})",
        R"({"alg":"HS256","alg":"none","typ":"JWT"})", R"({"alg": "HS256","typ":"JWT"})", ""}) {
    EXPECT_FALSE(open_jwt(signed_with_header(header, kKey), kKey)) << header;
  }
}

TEST(JwtTest, AnUnsignedTokenIsRefused) {
  const std::string claims = base64url(kClaims);
  EXPECT_FALSE(open_jwt(base64url(R"({"alg":"none","typ":"JWT"})") + "." + claims + ".", kKey));
  EXPECT_FALSE(open_jwt(base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + claims + ".", kKey));
  EXPECT_FALSE(open_jwt(base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + claims, kKey));
}

TEST(JwtTest, EveryChangedCharacterIsNoticed) {
  const std::string text = sign_jwt(kClaims, kKey);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_jwt(changed, kKey)) << i;
  }
}

TEST(JwtTest, EveryCutIsNoticed) {
  const std::string text = sign_jwt(kClaims, kKey);
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(open_jwt(std::string_view(text).substr(0, size), kKey)) << size;
    EXPECT_FALSE(open_jwt(std::string_view(text).substr(text.size() - size), kKey)) << size;
  }
}

TEST(JwtTest, OneTokenHasOneSpelling) {
  const std::string text = sign_jwt(kClaims, kKey);
  for (const auto* tail : {"=", ".", ".x", "A", " ", "\n"}) {
    EXPECT_FALSE(open_jwt(text + tail, kKey)) << tail;
  }
  EXPECT_FALSE(open_jwt(" " + text, kKey));
  // The last of 43 characters carries four bits of the signature; the other two must be zero.
  std::string last_bits = text;
  last_bits.back() = static_cast<char>(last_bits.back() + 1);
  EXPECT_FALSE(open_jwt(last_bits, kKey));
}

TEST(JwtTest, PartsMayNotBeMoved) {
  const std::string one = sign_jwt(R"({"usr":"3f9c1a7b42"})", kKey);
  const std::string other = sign_jwt(R"({"usr":"a1b2c3d4e5"})", kKey);
  const std::string mixed = one.substr(0, one.rfind('.')) + other.substr(other.rfind('.'));
  EXPECT_FALSE(open_jwt(mixed, kKey));
}

TEST(JwtTest, ATextThatIsTooLongIsRefusedThoughCorrectlySigned) {
  const auto sized = [](size_t size) { return sign_jwt(std::string(size, 'x'), kKey); };
  const size_t fits = (kTokenSizeBytesMax - sized(0).size()) / 4 * 3;
  ASSERT_LE(sized(fits).size(), kTokenSizeBytesMax);
  EXPECT_TRUE(open_jwt(sized(fits), kKey));
  ASSERT_GT(sized(fits + 3).size(), kTokenSizeBytesMax);
  EXPECT_FALSE(open_jwt(sized(fits + 3), kKey));
}

TEST(UnwrapTokenTest, TakesTheMiddleOfExactlyThreeParts) {
  EXPECT_EQ(unwrap_token("kc:access:refresh"), "access");
  EXPECT_EQ(unwrap_token("a.b.c"), "a.b.c");
}

TEST(UnwrapTokenTest, LeavesEverythingElseAlone) {
  for (const auto* text :
       {"", "kc", "kc:", "kc:access", "kc:access:", "kc::refresh", "kc::", "kc:a:b:c",
        "kc:a:b:", "KC:access:refresh", "x:access:refresh", " kc:access:refresh"}) {
    EXPECT_EQ(unwrap_token(text), text);
  }
}

}  // namespace
}  // namespace tideway::account

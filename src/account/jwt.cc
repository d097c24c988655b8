#include "account/jwt.h"

#include <sodium.h>

namespace tideway::account {
namespace {

/// {"alg":"HS256","typ":"JWT"}
constexpr std::string_view kHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

constexpr std::string_view kWrapped = "kc:";

using Mac = std::array<uint8_t, crypto_auth_hmacsha256_BYTES>;
static_assert(std::tuple_size_v<SigningKey> == crypto_auth_hmacsha256_KEYBYTES);

const uint8_t* data(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

std::string to_base64url(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                  '\0');
  sodium_bin2base64(out.data(), out.size(), data(bytes), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating zero
  return out;
}

/// Refuses padding, foreign characters and unused bits that are not zero: one text per value.
bool from_base64url(std::string_view text, std::string& bytes) {
  bytes.resize(text.size() / 4 * 3 + 3);
  size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
    return false;
  }
  bytes.resize(size);
  return true;
}

Mac sign(std::string_view text, const SigningKey& key) {
  Mac mac;
  crypto_auth_hmacsha256(mac.data(), data(text), text.size(), key.data());
  return mac;
}

}  // namespace

std::string sign_jwt(std::string_view claims_json, const SigningKey& key) {
  std::string out(kHeader);
  out += '.';
  out += to_base64url(claims_json);
  const Mac mac = sign(out, key);
  out += '.';
  out += to_base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
  return out;
}

std::optional<std::string> open_jwt(std::string_view text, const SigningKey& key) {
  if (text.size() > kTokenSizeBytesMax) return std::nullopt;
  if (!text.starts_with(kHeader) || !text.substr(kHeader.size()).starts_with('.')) {
    return std::nullopt;
  }
  const size_t dot = text.rfind('.');
  if (dot == kHeader.size()) return std::nullopt;
  std::string signature;
  if (!from_base64url(text.substr(dot + 1), signature)) return std::nullopt;
  const Mac mac = sign(text.substr(0, dot), key);
  if (signature.size() != mac.size() ||
      sodium_memcmp(signature.data(), mac.data(), mac.size()) != 0) {
    return std::nullopt;
  }
  std::string claims;
  if (!from_base64url(text.substr(kHeader.size() + 1, dot - kHeader.size() - 1), claims)) {
    return std::nullopt;
  }
  return claims;
}

std::string_view unwrap_token(std::string_view text) {
  if (!text.starts_with(kWrapped)) return text;
  const std::string_view pair = text.substr(kWrapped.size());
  const size_t colon = pair.find(':');
  const bool three_parts = colon != std::string_view::npos && colon > 0 &&
                           colon + 1 < pair.size() &&
                           pair.find(':', colon + 1) == std::string_view::npos;
  return three_parts ? pair.substr(0, colon) : text;
}

}  // namespace tideway::account

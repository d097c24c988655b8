#include "oidc/secret_text.h"

#include <sodium.h>

#include <cstdint>

#include "base/base64url.h"
#include "base/ids.h"

namespace tideway::oidc {

std::string sha256(std::string_view text) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<uint8_t*>(digest.data()),
                     reinterpret_cast<const uint8_t*>(text.data()), text.size());
  return digest;
}

std::string make_secret_text(std::string_view kind, std::string_view user_id) {
  std::string random(32, '\0');
  randombytes_buf(random.data(), random.size());
  std::string text(kind);
  text += '.';
  text += user_id;
  text += '.';
  return text + to_base64url(random);
}

std::optional<SecretText> parse_secret_text(std::string_view kind, std::string_view text) {
  constexpr size_t kSizeBytesMax = 128;
  if (text.size() > kSizeBytesMax || !text.starts_with(kind)) return std::nullopt;
  std::string_view rest = text.substr(kind.size());
  if (!rest.starts_with('.')) return std::nullopt;
  rest.remove_prefix(1);
  const size_t dot = rest.find('.');
  if (dot == std::string_view::npos || !is_user_id(rest.substr(0, dot))) return std::nullopt;
  return SecretText{.user_id = std::string(rest.substr(0, dot)), .hash = sha256(text)};
}

}  // namespace tideway::oidc

#include "api/basic_credentials.h"

#include <sodium.h>

namespace tideway::api {
namespace {

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

}  // namespace

BasicCredentials::~BasicCredentials() { wipe(password); }

std::optional<BasicCredentials> parse_basic(std::string_view authorization) {
  const size_t space = authorization.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::optional<std::string> text = from_base64(authorization.substr(space + 1));
  if (!text) return std::nullopt;
  const size_t colon = text->find(':');
  // "One is empty" is a login that fails, only "both are empty" is no login at all.
  if (colon == std::string::npos || text->size() == 1) return std::nullopt;
  BasicCredentials credentials;
  credentials.email = text->substr(0, colon);
  credentials.password = text->substr(colon + 1);
  wipe(*text);
  return credentials;
}

}  // namespace tideway::api

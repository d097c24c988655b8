// The signed text of a token: JWT (RFC 7519) with HMAC-SHA-256, in the one form that we write.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tideway::account {

using SigningKey = std::array<uint8_t, 32>;

/// A longer text is refused before any work is done on it.
inline constexpr size_t kTokenSizeBytesMax = 8192;

/// header.claims.signature, each in unpadded base64url.
std::string sign_jwt(std::string_view claims_json, const SigningKey& key);

/// The claims, if `text` was made by sign_jwt with this key. The header must be the very text that
/// sign_jwt writes, so no other algorithm, key id or spelling gets as far as the signature, which
/// is compared in constant time.
std::optional<std::string> open_jwt(std::string_view text, const SigningKey& key);

/// The access token inside the wrapped form kc:access:refresh; any other text unchanged.
std::string_view unwrap_token(std::string_view text);

}  // namespace tideway::account

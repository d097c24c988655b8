// Random texts that name a user: "<kind>.<user>.<secret>". The store keeps only a hash of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tideway::oidc {

struct SecretText {
  std::string user_id;
  std::string hash;  ///< SHA-256 of the whole text
};

std::string make_secret_text(std::string_view kind, std::string_view user_id);
/// Nothing when the text has not the form.
std::optional<SecretText> parse_secret_text(std::string_view kind, std::string_view text);

/// 32 bytes.
std::string sha256(std::string_view text);

}  // namespace tideway::oidc

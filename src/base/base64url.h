// Base64 with the URL alphabet and without padding (RFC 7515 section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tideway {

std::string to_base64url(std::string_view bytes);

/// Refuses padding, foreign characters and unused bits that are not zero: one text per value.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace tideway

// The body that makes or changes a restricted token: docs/spec/http.md 1.7, 5.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "account/restricted_tokens.h"
#include "base/error.h"

namespace tideway::api {

/// The errors belong into a 400 of style B.
std::expected<account::RestrictedTokens::Wish, Errors> parse_restricted_token(
    const std::string& body, int64_t now_ms);

}  // namespace tideway::api

// What a token says, as the claims of docs/spec/http.md 1.8: the legacy ones and those of an access
// token side by side, so that every service and client finds the one it reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "account/tokens.h"

namespace tideway::account {

/// Keys in alphabetical order. `issuer` is also the audience.
std::string claims_json(const Token& token, std::string_view issuer);

/// Reads what claims_json wrote; nothing when a claim is missing or of another type.
std::optional<Token> read_claims(std::string_view json);

}  // namespace tideway::account

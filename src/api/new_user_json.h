// The body of POST /auth/user: docs/spec/http.md 2.2, "Create".
#pragma once

#include <optional>
#include <string_view>

#include "account/accounts.h"

namespace tideway::api {

/// The account that the JSON text asks for; nothing when a field is missing, has another type or a
/// value that is not allowed. Unknown keys are ignored; of a key that comes twice the last counts.
std::optional<account::NewUser> parse_new_user(std::string_view json);

}  // namespace tideway::api

// The body of PUT /auth/user: docs/spec/http.md 2.2, "Update".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/accounts.h"

namespace tideway::api {

struct UserUpdateJson {
  account::UserUpdate update;
  /// An e-mail that is given without a username changes nothing, but must not be somebody else's.
  std::optional<std::string> email_to_check;

  /// Who may ask for it, from the fields that are there.
  bool for_servers_only() const { return update.roles || update.email_verified; }
  bool for_owners_only() const { return update.password || update.terms_accepted_ms; }
};

/// Nothing when a field has another type or a value that is not allowed. Unknown keys are ignored.
std::optional<UserUpdateJson> parse_user_update(const std::string& json);

/// The body of POST /auth/user/{id}/user: the e-mail of the account, empty when none is given.
/// Nothing when it has not the required form.
std::optional<std::string> parse_custodial_email(const std::string& json);

}  // namespace tideway::api

// The name that people go by.
#pragma once

#include <string>
#include <string_view>

#include "account/profiles.h"

namespace tideway::api {

/// `fullName` of the account's profile; empty when there is none.
store::Result<std::string> profile_name(const account::Profiles& profiles,
                                        std::string_view user_id);

}  // namespace tideway::api

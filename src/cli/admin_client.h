// The command's side of the Unix socket in the data directory; see admin.h.
#pragma once

#include <chrono>
#include <expected>
#include <string>

#include "account/accounts.h"

namespace tideway::cli {

inline constexpr std::chrono::seconds kAdminTimeout{30};

/// Asks the server that runs on `data_dir` to add the account. The new user's id, or a line for the
/// user.
std::expected<std::string, std::string> add_user_over_socket(
    const std::string& data_dir, const account::NewUser& user,
    std::chrono::milliseconds timeout = kAdminTimeout);

}  // namespace tideway::cli

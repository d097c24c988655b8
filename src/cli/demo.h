// The account that `tideway serve --demo` makes, so that a newcomer can upload and read a first
// record with curl alone.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "account/accounts.h"

namespace tideway::cli {

inline constexpr std::string_view kDemoEmail = "demo@example.com";

struct DemoAccount {
  std::string email;
  std::string password;
  std::string made_id = {};  ///< of the account if it was made just now
};

/// Makes the account unless it exists. The password is random and kept in DATA_DIR/demo-password,
/// readable by the owner only, so that it stays the same across restarts. The error is a line for
/// the user.
std::expected<DemoAccount, std::string> ensure_demo_account(account::Accounts& accounts,
                                                            const std::string& data_dir);

/// What to print: e-mail, password, address and three lines to paste: log in, upload, fetch. The
/// record in it is measured at `now_ms`; pasting it again replaces it.
std::string demo_text(const DemoAccount& demo, std::string_view base_url, int64_t now_ms);

/// "http://127.0.0.1:8009": where a program on this machine reaches a server that listens on
/// HOST:PORT, given the port in use.
std::string base_url(std::string_view listen, uint16_t port, bool tls = false);

}  // namespace tideway::cli

// What the operator may do to a data directory: so far, add accounts.
//
// A command does it itself when no server runs there. When one does, that server holds the lock of
// the store, and the command asks it over the Unix socket in the data directory (admin_client.h).
// The socket's file mode is its access control: whoever may read the data may use it. Either way
// the audit log names the user of the machine who did it.
//
//   POST /admin/users  {"email":…,"password":…,"fullName":…,"roles":[…]}
//     201 {"userid":…}   400 {"reason":…}
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "account/accounts.h"
#include "audit/log.h"
#include "server/http.h"
#include "server/server.h"

namespace tideway::cli {

inline constexpr std::string_view kAdminUsersPath = "/admin/users";

/// What is wrong with the account as it was asked for, as a line for the user; nothing when all is
/// well. Looks only at the form, so that a command can ask before it prompts for the password.
std::optional<std::string> problem_with_names(const account::NewUser& user);
std::optional<std::string> problem_with_password(std::string_view password);

/// The new user's id, or a line for the user.
std::expected<std::string, std::string> add_user(account::Accounts& accounts,
                                                 const account::NewUser& user);

/// That the user `uid` of this machine, "uid:1000", added the account `user_id` or, if that is
/// empty, tried to.
audit::Event user_added(std::string_view uid, std::string_view user_id);
/// The user who runs this program.
std::string own_uid();

/// The body of the request above, and back; nothing when it is not of that form.
std::string add_user_body(const account::NewUser& user);
std::optional<account::NewUser> parse_add_user_body(const std::string& body);

/// The server's side of the socket.
class AdminHandler : public server::Handler {
 public:
  /// Both must outlive the handler.
  AdminHandler(account::Accounts& accounts, audit::Log& audit)
      : accounts_(accounts), audit_(audit) {}

  uint64_t body_size_bytes_max(std::string_view method, std::string_view path) const override;
  server::Response handle(server::Request request) override;

 private:
  account::Accounts& accounts_;
  audit::Log& audit_;
};

}  // namespace tideway::cli

// `tideway user add`: makes an account, whether or not a server runs on the data directory.
#include <iostream>
#include <memory>
#include <vector>

#include "account/accounts.h"
#include "cli/admin.h"
#include "cli/admin_client.h"
#include "cli/application.h"
#include "cli/command_line.h"
#include "cli/password_input.h"
#include "store/rocksdb/rocksdb_store.h"

namespace tideway::cli {

namespace {

/// What CLI11 reads into; lives as long as the action.
struct UserAdd {
  explicit UserAdd(CLI::App& command) : flags(command, {"data_dir", "audit_dir"}) {}

  ConfigFlags flags;
  account::NewUser user;
  bool password_stdin = false;
};

std::expected<std::string, std::string> store_user(const Config& config,
                                                   const account::NewUser& user) {
  auto store = store::RocksDbStore::open(config.data_dir);
  if (store) {
    // Opened before, so that there is no account that the log does not know of.
    const auto audit = audit::Log::open(audit_options(config));
    if (!audit) return std::unexpected(audit.error());
    account::Accounts accounts(**store);
    auto added = add_user(accounts, user);
    (*audit)->add(user_added(own_uid(), added.value_or("")));
    return added;
  }
  if (store.error().kind != store::Error::Kind::kLocked) {
    return std::unexpected(store.error().message);
  }
  return add_user_over_socket(config.data_dir, user);
}

int fail(const std::string& why) {
  complain(why);
  return kFailure;
}

int user_add(UserAdd& add) {
  const auto config = add.flags.load();
  if (!config) return config.error();
  // Asked before the password, so that nobody types one in vain.
  if (const auto problem = problem_with_names(add.user)) return fail(*problem);
  const auto password = add.password_stdin ? read_password_line(std::cin) : prompt_for_password();
  if (!password) return fail(password.error());
  if (const auto problem = problem_with_password(*password)) return fail(*problem);
  add.user.password = *password;
  const auto user_id = store_user(*config, add.user);
  if (!user_id) return fail(user_id.error());
  std::cout << *user_id << "\n";
  return kSuccess;
}

}  // namespace

void add_user_command(CLI::App& parent, Action& action) {
  CLI::App* user = parent.add_subcommand("user", "manage accounts");
  user->require_subcommand(1);
  CLI::App* command = user->add_subcommand("add", "make an account and print its id");
  const auto add = std::make_shared<UserAdd>(*command);
  command->add_option("--email", add->user.email, "e-mail address to log in with")->required();
  command->add_option("--full-name", add->user.full_name, "name to show; else from the e-mail");
  command->add_option("--role", add->user.roles, "role, may be repeated; without any: patient")
      ->expected(1);
  command->add_flag("--password-stdin", add->password_stdin,
                    "read the password from standard input instead of asking for it");
  command->callback([&action, add] { action = [add] { return user_add(*add); }; });
}

}  // namespace tideway::cli

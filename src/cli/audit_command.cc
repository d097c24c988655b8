// `tideway audit verify`: whether the audit log is what was written, also while the server writes
// it.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "audit/files.h"
#include "cli/application.h"
#include "cli/command_line.h"

namespace tideway::cli {

namespace {

struct AuditVerify {
  explicit AuditVerify(CLI::App& command) : flags(command, {"data_dir", "audit_dir"}) {}

  ConfigFlags flags;
  std::string anchor;
};

int audit_verify(const AuditVerify& verify) {
  const auto config = verify.flags.load();
  if (!config) return config.error();
  const auto verified = audit::verify(audit_directory(*config), verify.anchor);
  if (!verified) {
    complain(verified.error());
    return kFailure;
  }
  if (!verify.anchor.empty() && !verified->anchor_found) {
    complain("no line has the hash given with --anchor: lines are missing, or all was made anew");
    return kFailure;
  }
  std::cout << fmt::format("{} lines, {} to {}, unchanged\nlast {}\n", verified->lines,
                           verified->first_sequence, verified->last_sequence, verified->last);
  return kSuccess;
}

}  // namespace

void add_audit_command(CLI::App& parent, Action& action) {
  CLI::App* audit = parent.add_subcommand("audit", "look after the audit log");
  audit->require_subcommand(1);
  CLI::App* command = audit->add_subcommand(
      "verify", "check that no line was changed, added or taken away, and print the last hash");
  const auto verify = std::make_shared<AuditVerify>(*command);
  command->add_option("--anchor", verify->anchor,
                      "hash that an earlier run printed; its line must still be there");
  command->callback([&action, verify] { action = [verify] { return audit_verify(*verify); }; });
}

}  // namespace tideway::cli

// The command line as a whole: which commands there are and what they print.
#pragma once

#include <CLI/CLI.hpp>
#include <expected>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/config.h"

namespace tideway::cli {

/// What the command line was understood to ask for; its result is the process's exit status.
using Action = std::function<int()>;

/// Exit statuses.
inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;  ///< the command could not do its work
inline constexpr int kUsage = 2;    ///< command line or configuration refused

/// Adds the command to `parent`. When the command is parsed, `action` becomes what it does.
void add_bench_command(CLI::App& parent, Action& action);
void add_serve_command(CLI::App& parent, Action& action);
void add_user_command(CLI::App& parent, Action& action);
void add_schema_command(CLI::App& parent, Action& action);
void add_validate_command(CLI::App& parent, Action& action);
void add_audit_command(CLI::App& parent, Action& action);

/// Prints "tideway: TEXT" to standard error.
void complain(std::string_view text);

/// The settings that a command takes as flags, with --config.
class ConfigFlags {
 public:
  /// Those named, or all that may be flags.
  ConfigFlags(CLI::App& command, std::initializer_list<std::string_view> keys);
  explicit ConfigFlags(CLI::App& command);

  /// After parsing. Prints what is wrong; then the error is the exit status.
  std::expected<Config, int> load() const;

 private:
  CLI::App& command_;
};

/// Runs the program. Prints to standard output and standard error.
int run(int argc, const char* const* argv);

}  // namespace tideway::cli

// A running `tideway serve`, and its data directory.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/process.h"

namespace tideway::e2e {

/// A new directory below that for temporary files, removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The binary under test with `arguments`.
Command tideway(std::vector<std::string> arguments);

/// `tideway user add`, whether or not a server runs there. Gives the id; throws on failure.
std::string add_user(const std::filesystem::path& data_dir, const std::string& email,
                     const std::string& password);

/// All of the audit log in a data directory.
std::string audit_log_of(const std::filesystem::path& data_dir);

class Daemon {
 public:
  static constexpr std::chrono::seconds kStopPatience{10};

  /// Starts on a free port and waits until it serves. Throws, with the log, when it does not.
  explicit Daemon(const std::filesystem::path& data_dir, const std::vector<std::string>& flags = {},
                  const std::vector<std::string>& environment = {});

  uint16_t port() const { return port_; }
  pid_t pid() const { return process_->pid(); }
  const std::string& first_line() const { return first_line_; }

  /// SIGTERM; the exit code, nothing when it does not end in time.
  std::optional<int> stop();
  /// SIGKILL, and waits for the end.
  void kill();

  std::string log();               ///< all that it has printed
  uint64_t resident_bytes();       ///< memory in use now
  uint64_t resident_peak_bytes();  ///< the most that ever was in use

 private:
  uint64_t status_bytes(std::string_view name);

  std::unique_ptr<Process> process_;
  std::string first_line_;
  uint16_t port_ = 0;
};

}  // namespace tideway::e2e

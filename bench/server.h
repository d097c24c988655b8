// The server under test: the built binary on an empty directory of a real disk, with its users.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/session.h"
#include "tests/e2e/daemon.h"

namespace tideway::bench {

/// An empty directory that is removed again. Not below that for temporary files, which may be
/// memory: then an fsync would cost nothing.
class Scratch {
 public:
  explicit Scratch(std::filesystem::path path);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What a process has used of the processors so far, user and system.
double cpu_seconds(pid_t pid);

/// The server has the first processor for itself where there are two or more, the rest of the
/// program has the others.
class Server {
 public:
  /// Starts on an empty directory with `user_count` users, all logged in.
  Server(const std::filesystem::path& directory, size_t user_count);

  /// Ends the process, with a signal that it cannot notice or as an operator does, and starts it
  /// again. Starting gives the seconds until it serves.
  double kill_and_start();
  double stop_and_start();
  void stop();
  double start();

  uint16_t port() const { return daemon_->port(); }
  const std::filesystem::path& directory() const { return scratch_.path(); }
  const std::vector<Account>& accounts() const { return accounts_; }
  /// A user without an account, for whom a service acts: ten thousand accounts would take long.
  Account served_account(size_t number) const;
  /// What it has used of the processors so far, user and system.
  double cpu_seconds() const { return bench::cpu_seconds(daemon_->pid()); }
  double peak_mib() { return static_cast<double>(daemon_->resident_peak_bytes()) / (1 << 20); }
  double resident_mib() { return static_cast<double>(daemon_->resident_bytes()) / (1 << 20); }

 private:
  Scratch scratch_;
  std::unique_ptr<e2e::Daemon> daemon_;
  std::vector<Account> accounts_;
  std::string service_token_;
};

}  // namespace tideway::bench

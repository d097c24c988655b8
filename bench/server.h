// The server under test: the built binary on an empty directory of a real disk, with its users.
#pragma once

#include <filesystem>
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

class Server {
 public:
  /// Starts with `user_count` users, all logged in.
  Server(const std::filesystem::path& directory, size_t user_count);

  uint16_t port() const { return daemon_.port(); }
  const std::vector<Account>& accounts() const { return accounts_; }
  /// What it has used of the processors so far, user and system.
  double cpu_seconds() const;
  double peak_mib() { return static_cast<double>(daemon_.resident_peak_bytes()) / (1 << 20); }

 private:
  Scratch scratch_;
  e2e::Daemon daemon_;
  std::vector<Account> accounts_;
};

}  // namespace tideway::bench

// The server that all players use, and its end: it may be killed and started again at any time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "tests/e2e/daemon.h"

namespace tideway::model {

inline constexpr const char* kServiceSecret = "open-sesame";

class Server {
 public:
  /// Starts on a data directory of its own.
  Server();

  std::filesystem::path data_dir() const { return directory_.path() / "data"; }
  /// Where the server that runs listens; waits for one while there is none. Its number tells it
  /// from those before.
  struct Running {
    uint16_t port = 0;
    uint64_t number = 0;
  };
  /// Newer than `after`.
  Running wait_for(uint64_t after = 0);

  void kill_and_restart();
  std::optional<int> stop() { return daemon_->stop(); }
  std::string log() { return daemon_->log(); }

 private:
  void start();

  e2e::TemporaryDirectory directory_;
  std::unique_ptr<e2e::Daemon> daemon_;
  std::mutex mutex_;
  std::condition_variable started_;
  Running running_;
};

}  // namespace tideway::model

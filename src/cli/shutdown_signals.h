// SIGINT and SIGTERM, and SIGHUP where it has a meaning, as ordinary events of the main thread.
#pragma once

#include <functional>

namespace tideway::cli {

/// To be made before any other thread, which then inherits that the signals are blocked. Lasts
/// until the process ends. Also makes writing to a closed pipe an error instead of a signal.
class ShutdownSignals {
 public:
  /// The process ends at most this long after the first signal.
  static constexpr unsigned kShutdownSecondsMax = 10;

  /// Without `awaits_hangup` SIGHUP ends the process as usual, such as when a terminal is closed.
  explicit ShutdownSignals(bool awaits_hangup = false);

  /// Calls `on_hangup` at every SIGHUP. Returns at the first other signal. From then on another one
  /// ends the process at once, as does the time limit; the exit status is 128 plus the number of
  /// the signal.
  void wait(const std::function<void()>& on_hangup = {});

 private:
  const bool awaits_hangup_;
};

}  // namespace tideway::cli

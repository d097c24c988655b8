// SIGINT and SIGTERM as an ordinary event of the main thread.
#pragma once

namespace tideway::cli {

/// To be made before any other thread, which then inherits that the signals are blocked. Lasts
/// until the process ends. Also makes writing to a closed pipe an error instead of a signal.
class ShutdownSignals {
 public:
  /// The process ends at most this long after the first signal.
  static constexpr unsigned kShutdownSecondsMax = 10;

  ShutdownSignals();

  /// Returns at the first signal. From then on another one ends the process at once, as does the
  /// time limit; the exit status is 128 plus the number of the signal.
  void wait();
};

}  // namespace tideway::cli

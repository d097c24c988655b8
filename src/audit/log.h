// The audit log: who did what with whose data, when, from where, and what came of it. One JSON line
// an event in files that only grow, each line with the hash of the one before it (line.h, files.h).
//
// Requests only hand their event over; a thread of its own writes what has gathered every
// kWriteIntervalMs. So a process that is killed loses the events of that time at most; a machine
// that loses power also what the kernel had not written yet. What is written is synced when a file
// is full and when the log is closed. When the disk takes nothing any more, requests go on: events
// wait, up to kEventsMax, then they are dropped and counted, and a line says how many as soon as
// one can be written.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "audit/line.h"

namespace tideway::audit {

struct Options {
  std::string directory;  ///< made when it is missing, for the owner alone
  uint64_t file_size_bytes_max = uint64_t{64} << 20;
  size_t files_max = 100;  ///< the oldest are deleted
};

inline constexpr size_t kEventsMax = 65'536;
inline constexpr int64_t kWriteIntervalMs = 50;

/// Safe to call from any thread.
class Log {
 public:
  /// Goes on where the log in the directory ends; a last line that a crash cut off is taken away.
  /// One process at a time. The error is a line for the operator.
  static std::expected<std::unique_ptr<Log>, std::string> open(Options options);

  virtual ~Log() = default;  ///< writes and syncs what is left

  /// Its time is now unless it has one. Never waits for the disk.
  virtual void add(Event event) = 0;

  /// Waits until all that was added before is written and synced; false when that failed.
  virtual bool flush() = 0;
};

}  // namespace tideway::audit

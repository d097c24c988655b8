// What the answers were, counted by all connections together.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "load/histogram.h"

namespace tideway::load {

class Tally {
 public:
  Histogram accepted;  ///< from when a chunk was due, or was sent if no rate is set, to its 200
  Histogram refused;   ///< the same to a 503 or 429
  std::atomic<uint64_t> records{0};
  std::atomic<uint64_t> bytes{0};   ///< of accepted bodies
  std::atomic<uint64_t> failed{0};  ///< no answer, or another one
  std::atomic<uint64_t> unsent{0};  ///< were due, but all connections waited for answers

  /// Counts a failure; the first one is told.
  void fail(const std::string& why) {
    ++failed;
    const std::lock_guard lock(mutex_);
    if (first_failure_.empty()) first_failure_ = why;
  }
  std::string first_failure() const {
    const std::lock_guard lock(mutex_);
    return first_failure_;
  }

 private:
  mutable std::mutex mutex_;
  std::string first_failure_;
};

}  // namespace tideway::load

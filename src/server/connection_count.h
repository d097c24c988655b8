// How many connections are open, and waiting for the last one to end.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "server/wire.h"

namespace tideway::server {

class ConnectionCount {
 public:
  explicit ConnectionCount(uint32_t max) : max_(max) {}

  /// A connection's place; leaving is its destruction.
  class Ticket {
   public:
    explicit Ticket(ConnectionCount& count) : count_(&count) {}
    Ticket(Ticket&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (count_ != nullptr) count_->leave();
    }

   private:
    ConnectionCount* count_;
  };

  /// Whether the last sixteenth of the places is being used.
  bool is_crowded() {
    const std::lock_guard lock(mutex_);
    return open_ > max_ - max_ / 16;
  }

  std::optional<Ticket> try_enter() {
    const std::lock_guard lock(mutex_);
    if (open_ >= max_) return std::nullopt;
    ++open_;
    return std::optional<Ticket>(std::in_place, *this);
  }

  /// False when some were still open at `deadline`.
  bool wait_for_none(Clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [this] { return open_ == 0; });
  }

 private:
  void leave() {
    const std::lock_guard lock(mutex_);
    if (--open_ == 0) none_.notify_all();
  }

  const uint32_t max_;
  std::mutex mutex_;
  std::condition_variable none_;
  uint32_t open_ = 0;
};

}  // namespace tideway::server

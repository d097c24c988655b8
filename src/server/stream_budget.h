// The memory that streamed answers may hold all together.
//
// Until its end a stream holds what it needs to go on: the blocks that it is amid, a compressor,
// the part that is being sent; and how long that takes is for the client to decide. So all of them
// have one budget. When it is used up, those are closed that have waited longest for their clients,
// and where none has waited for long, no further stream begins.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstdint>

#include "server/wire.h"

namespace tideway::server {

/// For all threads.
class StreamBudget {
 public:
  explicit StreamBudget(uint64_t size_bytes_max) : size_bytes_max_(size_bytes_max) {}

  bool has_room(uint64_t size_bytes) const { return held() + size_bytes <= size_bytes_max_; }
  uint64_t held() const { return held_.load(std::memory_order_relaxed); }

  /// What a stream holds changes as it goes on; it is counted even beyond the maximum.
  void change(uint64_t before, uint64_t now) {
    held_.fetch_add(now - before, std::memory_order_relaxed);
  }

 private:
  const uint64_t size_bytes_max_;
  std::atomic<uint64_t> held_{0};
};

/// A stream under way. Belongs to the thread of its connection.
class OpenStream : public WaitHook {
 public:
  /// Those that wait for their clients, the longest first.
  using List = boost::intrusive::list<OpenStream, boost::intrusive::constant_time_size<false>>;

  /// `waiting` belongs to the same thread. All of it outlives the stream.
  OpenStream(Wire& wire, StreamBudget& budget, List& waiting)
      : wire_(wire), budget_(budget), waiting_(waiting) {}
  ~OpenStream() { hold(0); }
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;

  /// What it holds from now on.
  void hold(uint64_t size_bytes) {
    budget_.change(held_bytes_, size_bytes);
    held_bytes_ = size_bytes;
  }

  void begin_wait(Clock::time_point now) {
    waits_since_ = now;
    waiting_.push_back(*this);
  }
  void end_wait() { unlink(); }

  /// Since when its client has had the present part to take.
  Clock::time_point waits_since() const { return waits_since_; }

  /// Breaks the connection; the rest follows by itself.
  void close() {
    hold(0);
    unlink();
    wire_.reset();
  }

 private:
  Wire& wire_;
  StreamBudget& budget_;
  List& waiting_;
  uint64_t held_bytes_ = 0;
  Clock::time_point waits_since_{};
};

}  // namespace tideway::server

// When the next chunk is due. With a rate the moments lie on a fixed grid, whatever the answers do:
// a latency that begins there shows the wait of those who would have come while the server was
// slow, which a client that politely waits for it leaves out ("coordinated omission").
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace tideway::load {

class Pacer {
 public:
  using Clock = std::chrono::steady_clock;

  /// `rate` a second, 0 for as fast as possible; at most `count_max` in all. With `late_max` nobody
  /// is given a chunk that has been due for longer than that: see left_over().
  Pacer(double rate, Clock::time_point begin, Clock::duration duration, uint64_t count_max,
        std::optional<Clock::duration> late_max = std::nullopt)
      : rate_(rate),
        begin_(begin),
        end_(begin + duration),
        count_max_(count_max),
        late_max_(late_max) {}

  bool has_rate() const { return rate_ > 0; }

  /// The moment at which the caller's next chunk is due; nothing when it is over.
  std::optional<Clock::time_point> next(Clock::time_point now) {
    if (now >= end_) return std::nullopt;
    for (;;) {
      const uint64_t number = taken_.fetch_add(1, std::memory_order_relaxed);
      if (number >= count_max_) return std::nullopt;
      if (!has_rate()) return now;
      const auto due = begin_ + offset(number);
      if (due >= end_) return std::nullopt;
      if (!late_max_ || now - due <= *late_max_) return due;
      skipped_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  /// How many were due until the end and not given to anybody in time: all were waiting.
  uint64_t left_over() const {
    if (!has_rate()) return 0;
    const double seconds = std::chrono::duration<double>(end_ - begin_).count();
    const auto due = std::min(static_cast<uint64_t>(seconds * rate_), count_max_);
    const uint64_t taken = taken_.load(std::memory_order_relaxed) - skipped_.load();
    return due > taken ? due - taken : 0;
  }

 private:
  Clock::duration offset(uint64_t number) const {
    return std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(static_cast<double>(number) / rate_));
  }

  const double rate_;
  const Clock::time_point begin_;
  const Clock::time_point end_;
  const uint64_t count_max_;
  const std::optional<Clock::duration> late_max_;
  std::atomic<uint64_t> taken_{0};
  std::atomic<uint64_t> skipped_{0};
};

}  // namespace tideway::load

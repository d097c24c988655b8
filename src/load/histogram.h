// Durations, counted in buckets that grow with them, in the manner of HdrHistogram: any quantile of
// any number of values in a fixed amount of memory, at most 0.8 % too high and never too low.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tideway::load {

/// record() may be called by many threads at once; the rest when they are done.
class Histogram {
 public:
  using Duration = std::chrono::nanoseconds;

  void record(Duration value);

  uint64_t count() const;
  Duration max() const { return Duration(max_.load(std::memory_order_relaxed)); }
  double mean_ms() const;
  /// The value that a share of 0 to 1 of all values does not exceed; 0 when there are none.
  Duration quantile(double share) const;
  double quantile_ms(double share) const {
    return std::chrono::duration<double, std::milli>(quantile(share)).count();
  }

 private:
  /// Up to 256 ns each value has a bucket of its own; above, every doubling is cut into 128. What
  /// is longer than 2^42 ns, more than an hour, counts as that.
  static constexpr unsigned kLinearBits = 8;
  static constexpr unsigned kValueBits = 42;
  static constexpr size_t kLinear = size_t{1} << kLinearBits;
  static constexpr size_t kHalf = kLinear / 2;
  static constexpr size_t kBuckets = kLinear + (kValueBits - kLinearBits) * kHalf;

  static size_t bucket_of(uint64_t value);
  static uint64_t highest_in(size_t bucket);

  std::array<std::atomic<uint64_t>, kBuckets> counts_{};
  std::atomic<int64_t> max_{0};
  std::atomic<int64_t> sum_{0};
};

}  // namespace tideway::load

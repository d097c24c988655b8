#include "load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tideway::load {

size_t Histogram::bucket_of(uint64_t value) {
  if (value < kLinear) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - kLinearBits;
  // The upper half of the 256 numbers that remain of the value: its first bit is always set.
  return kLinear + (shift - 1) * kHalf + ((value >> shift) - kHalf);
}

uint64_t Histogram::highest_in(size_t bucket) {
  if (bucket < kLinear) return bucket;
  const size_t above = bucket - kLinear;
  const auto shift = static_cast<unsigned>(above / kHalf) + 1;
  return ((above % kHalf + kHalf + 1) << shift) - 1;
}

void Histogram::record(Duration duration) {
  constexpr int64_t kLongest = (int64_t{1} << kValueBits) - 1;
  const int64_t value = std::clamp<int64_t>(duration.count(), 0, kLongest);
  counts_[bucket_of(static_cast<uint64_t>(value))].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
  int64_t seen = max_.load(std::memory_order_relaxed);
  while (value > seen && !max_.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

uint64_t Histogram::count() const {
  uint64_t count = 0;
  for (const auto& bucket : counts_) count += bucket.load(std::memory_order_relaxed);
  return count;
}

double Histogram::mean_ms() const {
  const uint64_t values = count();
  if (values == 0) return 0;
  return static_cast<double>(sum_.load(std::memory_order_relaxed)) / static_cast<double>(values) /
         1e6;
}

Histogram::Duration Histogram::quantile(double share) const {
  const auto values = static_cast<double>(count());
  const auto rank = static_cast<uint64_t>(std::max(1.0, std::ceil(share * values)));
  uint64_t passed = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    passed += counts_[i].load(std::memory_order_relaxed);
    if (passed >= rank) return std::min(Duration(highest_in(i)), max());
  }
  return max();
}

}  // namespace tideway::load

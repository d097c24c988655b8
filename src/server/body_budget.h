// The memory that request bodies may take all together.
#pragma once

#include <atomic>
#include <cstdint>

namespace tideway::server {

class BodyBudget {
 public:
  explicit BodyBudget(uint64_t size_bytes_max) : size_bytes_max_(size_bytes_max) {}

  /// Whether so many bytes are free right now; takes none.
  bool has_room(uint64_t size_bytes) const {
    const uint64_t taken = taken_.load(std::memory_order_relaxed);
    return taken <= size_bytes_max_ && size_bytes <= size_bytes_max_ - taken;
  }

  bool try_take(uint64_t size_bytes) {
    uint64_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (size_bytes > size_bytes_max_ - taken) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + size_bytes, std::memory_order_relaxed));
    return true;
  }

  void give_back(uint64_t size_bytes) { taken_.fetch_sub(size_bytes, std::memory_order_relaxed); }

  uint64_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  const uint64_t size_bytes_max_;
  std::atomic<uint64_t> taken_{0};
};

/// One body's share, given back at the end of its life. Bytes are taken as they arrive, not as a
/// client announces them: an announcement costs the client nothing.
class BodyLease {
 public:
  explicit BodyLease(BodyBudget& budget) : budget_(budget) {}
  ~BodyLease() { release(); }
  BodyLease(const BodyLease&) = delete;
  BodyLease& operator=(const BodyLease&) = delete;

  bool grow(uint64_t size_bytes) {
    if (!budget_.try_take(size_bytes)) return false;
    held_ += size_bytes;
    return true;
  }

  void release() {
    budget_.give_back(held_);
    held_ = 0;
  }

  bool could_grow(uint64_t size_bytes) const { return budget_.has_room(size_bytes); }

 private:
  BodyBudget& budget_;
  uint64_t held_ = 0;
};

}  // namespace tideway::server

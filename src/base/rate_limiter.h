// How often something may happen, per key: so many times at once, then at a steady rate.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace tideway {

/// Safe to call from any thread; keys that differ rarely wait for each other. Two keys of the same
/// 64-bit hash count as one.
///
/// This is the "generic cell rate algorithm": for each key one instant is kept, at which all that
/// happened so far would be paid for at the steady rate.
class RateLimiter {
 public:
  /// `burst` times at once, and one more every `interval_us`. Zero for either: no limit.
  RateLimiter(uint32_t burst, int64_t interval_us) : burst_(burst), interval_ms_(interval_us) {}

  /// Microseconds until it may happen again; 0: now. Changes nothing.
  int64_t wait_us(std::string_view key, int64_t now_us) const;

  /// Counts it, whether or not it may happen. What happens too often is paid for by a longer wait,
  /// though never by more than twice the time in which the whole burst comes back.
  void count(std::string_view key, int64_t now_us);

  /// Counts it if it may happen: 0. Else the microseconds to wait, and nothing changes.
  int64_t take(std::string_view key, int64_t now_us);

  /// As if it had never happened.
  void forget(std::string_view key);

 private:
  static constexpr size_t kShards = 16;
  /// A shard that is full of keys that still count forgets every other one, which costs little as
  /// it makes room for many. Whoever brings so many keys gains what new keys would have given.
  static constexpr size_t kKeysMax = 4096;

  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<uint64_t, int64_t> paid_at_us;
  };

  bool is_off() const { return burst_ == 0 || interval_ms_ == 0; }
  int64_t wait(int64_t paid_at_us, int64_t now_us) const;
  static void make_room(Shard& shard, int64_t now_us);
  static uint64_t hash(std::string_view key) { return std::hash<std::string_view>{}(key); }
  Shard& shard(uint64_t hash) { return shards_[hash % kShards]; }

  const int64_t burst_;
  const int64_t interval_ms_;
  std::array<Shard, kShards> shards_;
};

}  // namespace tideway

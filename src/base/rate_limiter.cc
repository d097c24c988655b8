#include "base/rate_limiter.h"

#include <algorithm>

namespace tideway {

int64_t RateLimiter::wait(int64_t paid_at_us, int64_t now_us) const {
  return std::max<int64_t>(0, paid_at_us - now_us - (burst_ - 1) * interval_ms_);
}

int64_t RateLimiter::wait_us(std::string_view key, int64_t now_us) const {
  if (is_off()) return 0;
  const uint64_t name = hash(key);
  const Shard& shard = shards_[name % kShards];
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.paid_at_us.find(name);
  return found == shard.paid_at_us.end() ? 0 : wait(found->second, now_us);
}

void RateLimiter::make_room(Shard& shard, int64_t now_us) {
  if (shard.paid_at_us.size() < kKeysMax) return;
  std::erase_if(shard.paid_at_us, [&](const auto& entry) { return entry.second <= now_us; });
  if (shard.paid_at_us.size() < kKeysMax / 2) return;
  bool keep = false;
  std::erase_if(shard.paid_at_us, [&](const auto&) { return keep = !keep; });
}

void RateLimiter::count(std::string_view key, int64_t now_us) {
  if (is_off()) return;
  const uint64_t name = hash(key);
  Shard& shard = this->shard(name);
  const std::scoped_lock lock(shard.mutex);
  make_room(shard, now_us);
  int64_t& paid_at_us = shard.paid_at_us[name];
  const int64_t latest_us = now_us + 3 * burst_ * interval_ms_;
  paid_at_us = std::min(std::max(paid_at_us, now_us) + interval_ms_, latest_us);
}

int64_t RateLimiter::take(std::string_view key, int64_t now_us) {
  if (is_off()) return 0;
  const uint64_t name = hash(key);
  Shard& shard = this->shard(name);
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.paid_at_us.find(name);
  if (found != shard.paid_at_us.end()) {
    const int64_t left_us = wait(found->second, now_us);
    if (left_us == 0) found->second = std::max(found->second, now_us) + interval_ms_;
    return left_us;
  }
  make_room(shard, now_us);
  shard.paid_at_us.emplace(name, now_us + interval_ms_);
  return 0;
}

void RateLimiter::forget(std::string_view key) {
  const uint64_t name = hash(key);
  Shard& shard = this->shard(name);
  const std::scoped_lock lock(shard.mutex);
  shard.paid_at_us.erase(name);
}

}  // namespace tideway

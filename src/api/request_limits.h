// How many requests a token may send, far above what any client does (docs/spec/clients.md 3.3).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/rate_limiter.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread.
class RequestLimits {
 public:
  /// So many at once and in every minute; 0: no limit. Microseconds of a steady clock; empty: the
  /// machine's.
  explicit RequestLimits(uint32_t per_minute_max, std::function<int64_t()> now_us = {});

  /// The 429 of the route's family when the request's token has sent too many. Counts the request
  /// otherwise. Requests without a token, and those with the service's secret, are not limited
  /// here.
  std::optional<server::Response> refusal(const server::Request& request, server::Family family);

 private:
  const std::function<int64_t()> now_us_;
  RateLimiter limiter_;
};

}  // namespace tideway::api

// How many passwords may be tried: per account and per address that they come from. Held in memory,
// so each node counts for itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/rate_limiter.h"

namespace tideway::account {

struct LoginLimitOptions {
  uint32_t account_failures_max = 10;           ///< at once; 0: no limit
  uint32_t address_failures_max = 100;          ///< likewise
  int64_t window_ms = int64_t{15} * 60 * 1000;  ///< in which so many more become possible
  std::function<int64_t()> now_ms = {};         ///< empty: the clock of the machine
};

/// Safe to call from any thread. Ask wait_s() before a password is looked at, then tell what came
/// of it. Whoever tries many at the same moment gets some more, but pays with a longer wait.
class LoginLimits {
 public:
  explicit LoginLimits(LoginLimitOptions options = {});

  /// Seconds to wait before the next attempt, at least 1; 0: go ahead. Where either is empty it
  /// does not count.
  int64_t wait_s(std::string_view email, std::string_view address) const;

  void failed(std::string_view email, std::string_view address);
  void failed_from(std::string_view address);  ///< where no account is involved
  /// The account starts anew. The address does not: whoever has an account of his own could try
  /// others between two logins.
  void succeeded(std::string_view email);

 private:
  const std::function<int64_t()> now_ms_;
  RateLimiter accounts_;
  RateLimiter addresses_;
};

}  // namespace tideway::account

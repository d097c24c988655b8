#include "account/login_limits.h"

#include <algorithm>

#include "account/user_codec.h"
#include "base/time.h"

namespace tideway::account {
namespace {

int64_t interval_us(int64_t window_ms, uint32_t failures_max) {
  return failures_max == 0 ? 0 : std::max<int64_t>(1, window_ms * 1000 / failures_max);
}

}  // namespace

LoginLimits::LoginLimits(LoginLimitOptions options)
    : now_ms_(options.now_ms ? options.now_ms : now_milliseconds),
      accounts_(options.account_failures_max,
                interval_us(options.window_ms, options.account_failures_max)),
      addresses_(options.address_failures_max,
                 interval_us(options.window_ms, options.address_failures_max)) {}

int64_t LoginLimits::wait_s(std::string_view email, std::string_view address) const {
  const int64_t now_us = now_ms_() * 1000;
  int64_t wait_us = 0;
  if (!email.empty()) wait_us = accounts_.wait_us(fold_email(email), now_us);
  if (!address.empty()) wait_us = std::max(wait_us, addresses_.wait_us(address, now_us));
  return (wait_us + 999'999) / 1'000'000;
}

void LoginLimits::failed(std::string_view email, std::string_view address) {
  if (!email.empty()) accounts_.count(fold_email(email), now_ms_() * 1000);
  failed_from(address);
}

void LoginLimits::failed_from(std::string_view address) {
  if (!address.empty()) addresses_.count(address, now_ms_() * 1000);
}

void LoginLimits::succeeded(std::string_view email) { accounts_.forget(fold_email(email)); }

}  // namespace tideway::account

// The Date header, written once a second.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace tideway::server {

/// "Mon, 06 Jan 2025 10:00:00 GMT" (RFC 9110 section 5.6.7).
std::string http_date(std::time_t seconds);

/// Not for several threads; every I/O thread has its own.
class DateCache {
 public:
  /// Valid until the next call.
  std::string_view at(std::time_t seconds);

 private:
  std::time_t seconds_ = -1;
  std::string text_;
};

}  // namespace tideway::server

// One line a request. It never shows what identifies or authorises somebody: no header values but
// the trace id, no query, no body, and of the path only what is not an id or a token.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tideway::server {

struct AccessRecord {
  std::string_view method;
  std::string_view path;   ///< as sent
  std::string_view route;  ///< pattern; when empty the path is shown with its ids left out
  std::string_view trace;
  uint16_t status = 0;
  uint64_t sent_bytes = 0;
  std::chrono::microseconds duration{0};
  bool complete = true;  ///< false when the connection broke before the end of the response
};

void log_access(spdlog::logger& log, const AccessRecord& record);

/// `path` with a "*" for every segment that does not look like a fixed part of a route.
std::string redacted_path(std::string_view path);

}  // namespace tideway::server

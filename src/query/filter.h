// What `GET /data/{userId}` asks for (docs/spec/fetch.md 1.3, 2).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace tideway::query {

/// Every condition must hold; an empty one holds for everything.
struct Filter {
  std::vector<std::string> types;
  std::vector<std::string> sub_types;
  int64_t start_ms = std::numeric_limits<int64_t>::min();  ///< inclusive
  int64_t end_ms = std::numeric_limits<int64_t>::max();    ///< inclusive
  std::string upload_id;
  std::string device_id;
  bool latest = false;  ///< of each type only the newest
};

}  // namespace tideway::query

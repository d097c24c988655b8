// What `GET /data/{userId}` asks for (docs/spec/fetch.md 1.3, 2).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "query/rank.h"

namespace tideway::query {

/// Every condition must hold; an empty one holds for everything.
struct Filter {
  std::vector<std::string> types;
  std::vector<std::string> sub_types;
  int64_t start_ms = std::numeric_limits<int64_t>::min();  ///< inclusive
  int64_t end_ms = std::numeric_limits<int64_t>::max();    ///< inclusive
  std::string upload_id;
  std::string device_id;
  std::vector<std::string> dosing_decision_reasons;  ///< of dosing decisions only
  int64_t sample_interval_min_ms = 0;                ///< of cbg only; none when not positive
  bool latest = false;                               ///< of each type only the newest

  // Source filters: absent means that the user's data decide, see source_rules.h.
  std::optional<bool> carelink;
  std::optional<bool> medtronic;
  bool cbg_filter = true;

  // What the reference does not have.
  /// Only what became visible since, and what ceased to be, see removed.h.
  std::optional<int64_t> modified_since_ms;
  std::optional<uint64_t> limit;  ///< so many elements at most
  std::optional<Position> after;  ///< only what comes behind this place
};

}  // namespace tideway::query

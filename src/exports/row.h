// One row of an export: a record, or an entry of a schedule of one (docs/spec/fetch.md 8.1).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/document.h"

namespace tideway::exports {

enum class Unit { kMmolL, kMgDl };

/// "mmol/L" and "mg/dL".
std::string_view unit_text(Unit unit);

/// Since midnight.
struct TimeOfDay {
  int64_t milliseconds = 0;

  bool operator==(const TimeOfDay&) const = default;
};

using Cell = std::variant<std::string, double, bool, TimeOfDay>;

/// The known members that the row has. Those of nested objects are named with a dot.
struct Row {
  std::string type;  ///< empty for a record without one
  std::map<std::string, Cell, std::less<>> cells;
};

/// The rows of one stored record: one, or for pump settings one for each entry of their schedules.
/// One at a time: there may be many, and each repeats what they have in common.
class Rows {
 public:
  /// The record must outlive it.
  Rows(simdjson::dom::object record, Unit unit);

  /// The next row, or nothing at the end.
  std::optional<Row> next();

 private:
  /// The entries of one schedule.
  struct Entries {
    size_t schedule;  ///< which kind
    std::string_view name;
    simdjson::dom::array entries;
  };

  void plan_schedules();
  Row common_row(size_t schedule) const;
  Row whole_record() const;

  simdjson::dom::object record_;
  const Unit unit_;
  bool whole_ = false;  ///< the record is a row as it is
  std::vector<Entries> schedules_;
  size_t at_ = 0;                ///< in schedules_
  size_t common_of_ = SIZE_MAX;  ///< whose entries common_ is for
  Row common_;
  simdjson::dom::array::iterator entry_;
};

}  // namespace tideway::exports

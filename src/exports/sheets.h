// Which members of which record types an export shows, and how a spreadsheet shows them
// (docs/spec/fetch.md 8.3).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::exports {

enum class Format {
  kPlain,
  kTime,       ///< an instant or local time as a date
  kTimeOfDay,  ///< of an entry of a schedule
  kMinutes,
  kHundredths,
  kGlucose,   ///< as fine as the unit
  kDuration,  ///< a part of a day
};

struct Column {
  std::string_view member;       ///< "suppressed.rate"
  std::string_view header = {};  ///< empty: the words of the member
  double width = 22;
  Format format = Format::kPlain;
  bool is_json = false;  ///< the value is shown as JSON text
  bool hidden = false;
};

struct Sheet {
  std::string_view type;  ///< of the rows
  std::string_view name;  ///< several types may share one
  std::vector<Column> columns;

  bool shows_as_json(std::string_view member) const;
};

/// Null for types that have none.
const Sheet* find_sheet(std::string_view type);

/// All members that an export shows, ascending: those of all sheets and a few more.
std::span<const std::string_view> known_members();
bool is_known_member(std::string_view member);

/// The header text: "Suppressed Rate".
std::string header_of(const Column& column);

}  // namespace tideway::exports

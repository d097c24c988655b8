#include "exports/row.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "exports/sheets.h"
#include "json/canonical.h"

namespace tideway::exports {
namespace {

using json::Element;
using Object = simdjson::dom::object;

constexpr double kMgDlPerMmolL = 18.01559;
constexpr double kMillisecondsPerMinute = 60'000;

/// A schedule of pump settings: what its rows are called, and below which name an entry shows.
struct Schedule {
  std::string_view member;
  std::string_view entry;
};

/// In the order of the rows.
constexpr std::array<Schedule, 7> kSchedules = {{{"basalSchedules", "basalSchedule"},
                                                 {"bgTarget", "bgTarget"},
                                                 {"bgTargets", "bgTarget"},
                                                 {"carbRatio", "carbRatio"},
                                                 {"carbRatios", "carbRatio"},
                                                 {"insulinSensitivity", "insulinSensitivity"},
                                                 {"insulinSensitivities", "insulinSensitivity"}}};

std::string_view text_of(Object object, std::string_view member) {
  std::string_view text;
  return object[member].get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// Nothing for arrays, objects and null.
std::optional<Cell> scalar(Element value) {
  if (json::is_number(value)) return json::number(value);
  if (value.is_bool()) return bool(value);
  if (value.is_string()) return std::string(std::string_view(value));
  return std::nullopt;
}

void put_scalar(Row& row, std::string name, Element value) {
  if (!is_known_member(name)) return;
  if (auto cell = scalar(value)) row.cells.insert_or_assign(std::move(name), *std::move(cell));
}

/// The scalars of an object one level down.
void put_nested(Row& row, std::string_view name, Object object) {
  for (const auto [member, value] : object) {
    put_scalar(row, std::string(name).append(1, '.').append(member), value);
  }
}

/// {"value":…,"units":…} as a part of a day.
std::optional<double> part_of_day(Element duration) {
  double value = 0;
  Object object;
  if (duration.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  Element number;
  if (object["value"].get(number) != simdjson::SUCCESS || !json::is_number(number)) {
    return std::nullopt;
  }
  value = json::number(number);
  const std::string_view units = text_of(object, "units");
  if (units == "hours") return value / 24;
  if (units == "minutes") return value / (24 * 60);
  if (units == "seconds") return value / (24 * 60 * 60);
  return std::nullopt;
}

void put_member(Row& row, const Sheet* sheet, std::string_view member, Element value) {
  if (sheet != nullptr && sheet->shows_as_json(member)) {
    std::string text;
    json::append_canonical(text, value);
    row.cells.insert_or_assign(std::string(member), std::move(text));
  } else if (row.type == "physicalActivity" && member == "duration") {
    if (const auto part = part_of_day(value)) row.cells.insert_or_assign("duration", *part);
  } else if (value.is_object()) {
    put_nested(row, member, value.get_object().value_unsafe());
  } else {
    put_scalar(row, std::string(member), value);
  }
}

void scale(Row& row, std::string_view member, double factor) {
  const auto found = row.cells.find(member);
  if (found == row.cells.end()) return;
  if (auto* const value = std::get_if<double>(&found->second)) *value *= factor;
}

/// Puts the wanted unit's name where the record names one.
void name_unit(Row& row, Object record, Unit unit) {
  Element units;
  if (row.type == "bloodKetone" || record["units"].get(units) != simdjson::SUCCESS) return;
  const std::string name = units.is_object() ? "units.bg" : "units";
  row.cells.insert_or_assign(name, std::string(unit_text(unit)));
}

void convert_glucose(Row& row, Unit unit) {
  if (unit != Unit::kMgDl) return;
  const auto convert = [&](std::string_view member) { scale(row, member, kMgDlPerMmolL); };
  const std::string_view type = row.type;
  const bool is_target =
      type == "wizard" || type == "pumpSettings.bgTarget" || type == "pumpSettings.bgTargets";
  if (type == "cbg" || type == "smbg" || type == "deviceEvent") convert("value");
  if (type == "wizard") {
    convert("bgInput");
    convert("insulinSensitivity");
  }
  if (is_target) {
    for (const auto* member :
         {"bgTarget.high", "bgTarget.low", "bgTarget.target", "bgTarget.range"}) {
      convert(member);
    }
  }
  if (type.starts_with("pumpSettings.insulinSensitiv")) convert("insulinSensitivity.amount");
}

void convert_durations(Row& row) {
  if (row.type != "basal" && row.type != "bolus" && row.type != "deviceEvent") return;
  for (const auto* member : {"duration", "expectedDuration"}) {
    const auto found = row.cells.find(std::string_view(member));
    if (found == row.cells.end()) continue;
    // Not by a factor: 1/60000 is no double.
    if (auto* const value = std::get_if<double>(&found->second)) *value /= kMillisecondsPerMinute;
  }
}

/// The row of one entry; `common` is what all entries of the settings share.
Row entry_row(const Row& common, const Schedule& schedule, Object entry, Unit unit) {
  Row row = common;
  const std::string prefix = std::string(schedule.entry) + '.';
  for (const auto [member, value] : entry) put_scalar(row, prefix + std::string(member), value);
  const auto start = row.cells.find(prefix + "start");
  if (start != row.cells.end()) {
    if (const auto* const value = std::get_if<double>(&start->second)) {
      start->second = TimeOfDay{static_cast<int64_t>(*value)};
    }
  }
  convert_glucose(row, unit);
  return row;
}

bool is_schedule(std::string_view member) {
  return std::ranges::any_of(kSchedules,
                             [&](const Schedule& schedule) { return schedule.member == member; });
}

}  // namespace

std::string_view unit_text(Unit unit) { return unit == Unit::kMgDl ? "mg/dL" : "mmol/L"; }

Rows::Rows(Object record, Unit unit) : record_(record), unit_(unit) {
  if (text_of(record, "type") == "pumpSettings") {
    plan_schedules();
  } else {
    whole_ = true;
  }
}

void Rows::plan_schedules() {
  for (size_t i = 0; i < kSchedules.size(); ++i) {
    Element value;
    if (record_[kSchedules[i].member].get(value) != simdjson::SUCCESS) continue;
    if (value.is_array()) schedules_.push_back({i, {}, value.get_array().value_unsafe()});
    if (!value.is_object()) continue;
    const Object named = value.get_object().value_unsafe();
    for (const auto [name, entries] : named) {
      if (entries.is_array()) schedules_.push_back({i, name, entries.get_array().value_unsafe()});
    }
  }
}

Row Rows::whole_record() const {
  Row row;
  row.type = text_of(record_, "type");
  const Sheet* const sheet = find_sheet(row.type);
  for (const auto [member, value] : record_) put_member(row, sheet, member, value);
  name_unit(row, record_, unit_);
  convert_glucose(row, unit_);
  convert_durations(row);
  return row;
}

/// What all entries of a schedule share.
Row Rows::common_row(size_t schedule) const {
  const std::string_view name = kSchedules[schedule].member;
  Row row;
  row.type = std::string("pumpSettings.").append(name);
  const bool has_units = name != "basalSchedules";
  const Sheet* const sheet = find_sheet(row.type);
  for (const auto [member, value] : record_) {
    if (is_schedule(member) || (member == "units" && !has_units)) continue;
    put_member(row, sheet, member, value);
  }
  if (has_units) name_unit(row, record_, unit_);
  row.cells.insert_or_assign("type", row.type);
  return row;
}

std::optional<Row> Rows::next() {
  if (whole_) {
    whole_ = false;
    return whole_record();
  }
  for (; at_ < schedules_.size(); ++at_) {
    const Entries& present = schedules_[at_];
    if (common_of_ != at_) {
      common_ = common_row(present.schedule);
      if (!present.name.empty()) {
        common_.cells.insert_or_assign("scheduleName", std::string(present.name));
      }
      common_of_ = at_;
      entry_ = present.entries.begin();
    }
    while (entry_ != present.entries.end()) {
      const Element entry = *entry_;
      ++entry_;
      if (!entry.is_object()) continue;
      const Object object = entry.get_object().value_unsafe();
      return entry_row(common_, kSchedules[present.schedule], object, unit_);
    }
  }
  return std::nullopt;
}

}  // namespace tideway::exports

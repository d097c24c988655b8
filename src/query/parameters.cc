#include "query/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/time.h"

namespace tideway::query {
namespace {

/// The first value of a parameter, empty when it is absent.
std::string_view first(std::span<const Parameter> parameters, std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &Parameter::first);
  return found == parameters.end() ? std::string_view() : found->second;
}

/// The last value of a parameter.
std::optional<std::string_view> last(std::span<const Parameter> parameters, std::string_view name) {
  std::optional<std::string_view> value;
  for (const auto& [key, text] : parameters) {
    if (key == name) value = text;
  }
  return value;
}

/// A comma list; one whose first element is empty counts as absent.
std::vector<std::string> list(std::string_view text) {
  std::vector<std::string> items;
  if (text.empty() || text.front() == ',') return items;
  while (true) {
    const size_t comma = text.find(',');
    items.emplace_back(text.substr(0, comma));
    if (comma == text.npos) return items;
    text.remove_prefix(comma + 1);
  }
}

/// A date bound in milliseconds; an empty text or Go's zero time leaves `bound` as it is.
bool read_time(std::string_view text, bool round_up, int64_t& bound) {
  if (text.empty()) return true;
  const auto time = parse_instant(text);
  if (!time) return false;
  if (time->is_zero()) return true;
  bound = time->milliseconds();
  // Stored times are whole milliseconds, so a start inside one excludes it.
  if (round_up && time->nanoseconds % 1'000'000 != 0) ++bound;
  return true;
}

/// The last occurrence counts; present but empty is bad.
bool read_boolean(std::span<const Parameter> parameters, std::string_view name,
                  std::optional<bool>& value) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> kFalse = {"0",     "f",     "F",
                                                             "FALSE", "false", "False"};
  const auto text = last(parameters, name);
  if (!text) return true;
  value = std::ranges::count(kTrue, *text) > 0;
  return *value || std::ranges::count(kFalse, *text) > 0;
}

/// As Go reads a decimal integer of 32 bits: an optional sign, then digits.
bool read_int32(std::span<const Parameter> parameters, std::string_view name, int64_t& value) {
  const auto text = last(parameters, name);
  if (!text) return true;
  std::string_view digits = *text;
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) return false;
  }
  int32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  value = number;
  return error == std::errc() && end == digits.data() + digits.size();
}

bool read_limit(std::span<const Parameter> parameters, std::optional<uint64_t>& limit) {
  const auto text = last(parameters, "limit");
  if (!text) return true;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  limit = number;
  return error == std::errc() && end == text->data() + text->size() && number >= 1 &&
         number <= kPageElementsMax;
}

/// What of several sources is shown changes with what else there is, and not at one time. So the
/// rules that look at it do not take part, unless the client asks for them.
bool read_modified_since(std::span<const Parameter> parameters, Filter& filter) {
  const auto text = last(parameters, "modifiedSince");
  if (!text) return true;
  const auto time = parse_instant(*text);
  if (!time) return false;
  filter.modified_since_ms = time->milliseconds();
  filter.carelink = filter.carelink.value_or(true);
  filter.medtronic = filter.medtronic.value_or(true);
  if (!last(parameters, "cbgFilter") && !last(parameters, "dexcom")) filter.cbg_filter = false;
  return true;
}

}  // namespace

std::optional<std::string_view> cursor_text(std::span<const Parameter> parameters) {
  return last(parameters, "cursor");
}

std::expected<Filter, std::string> read_filter(std::span<const Parameter> parameters) {
  Filter filter;
  filter.types = list(first(parameters, "type"));
  filter.sub_types = list(first(parameters, "subType"));
  filter.upload_id = first(parameters, "uploadId");
  filter.device_id = first(parameters, "deviceId");
  filter.dosing_decision_reasons = list(first(parameters, "dosingDecision.reason"));
  std::optional<bool> latest;
  std::optional<bool> cbg_filter;
  std::optional<bool> dexcom;
  const bool good = read_time(first(parameters, "startDate"), true, filter.start_ms) &&
                    read_time(first(parameters, "endDate"), false, filter.end_ms) &&
                    read_boolean(parameters, "latest", latest) &&
                    read_boolean(parameters, "carelink", filter.carelink) &&
                    read_boolean(parameters, "medtronic", filter.medtronic) &&
                    read_boolean(parameters, "cbgFilter", cbg_filter) &&
                    // The older name for the opposite counts only where the newer one is absent.
                    (cbg_filter || read_boolean(parameters, "dexcom", dexcom)) &&
                    read_int32(parameters, "sampleIntervalMinimum", filter.sample_interval_min_ms);
  if (!good) return std::unexpected("one or more parameters are invalid");
  filter.latest = latest.value_or(false);
  filter.cbg_filter = cbg_filter.value_or(!dexcom.value_or(false));
  if (!read_limit(parameters, filter.limit)) {
    return std::unexpected(
        fmt::format("limit is not a whole number from 1 to {}", kPageElementsMax));
  }
  if (filter.latest && (filter.limit || cursor_text(parameters))) {
    return std::unexpected("limit and cursor are not for latest");
  }
  if (!read_modified_since(parameters, filter)) {
    return std::unexpected("modifiedSince is not a time with a zone");
  }
  if (filter.modified_since_ms && (filter.latest || filter.limit || cursor_text(parameters))) {
    return std::unexpected("modifiedSince is not for latest, limit and cursor");
  }
  return filter;
}

}  // namespace tideway::query

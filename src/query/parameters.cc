#include "query/parameters.h"

#include <algorithm>
#include <array>

#include "base/time.h"

namespace tideway::query {
namespace {

/// The first value of a parameter, empty when it is absent.
std::string_view first(std::span<const Parameter> parameters, std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &Parameter::first);
  return found == parameters.end() ? std::string_view() : found->second;
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
bool read_boolean(std::span<const Parameter> parameters, std::string_view name, bool& value) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> kFalse = {"0",     "f",     "F",
                                                             "FALSE", "false", "False"};
  for (const auto& [key, text] : parameters) {
    if (key != name) continue;
    value = std::ranges::count(kTrue, text) > 0;
    if (!value && std::ranges::count(kFalse, text) == 0) return false;
  }
  return true;
}

}  // namespace

std::optional<Filter> read_filter(std::span<const Parameter> parameters) {
  Filter filter;
  filter.types = list(first(parameters, "type"));
  filter.sub_types = list(first(parameters, "subType"));
  filter.upload_id = first(parameters, "uploadId");
  filter.device_id = first(parameters, "deviceId");
  const bool good = read_time(first(parameters, "startDate"), true, filter.start_ms) &&
                    read_time(first(parameters, "endDate"), false, filter.end_ms) &&
                    read_boolean(parameters, "latest", filter.latest);
  if (!good) return std::nullopt;
  return filter;
}

}  // namespace tideway::query

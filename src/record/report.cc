#include "record/report.h"

#include <fmt/format.h>

#include "base/number.h"
#include "base/text.h"

namespace tideway::record {
namespace {

/// The JSON kind under the name that the reference's language gives it.
std::string_view kind_name(json::Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::STRING:
      return "string";
    case simdjson::dom::element_type::BOOL:
      return "bool";
    case simdjson::dom::element_type::OBJECT:
      return "map[string]interface {}";
    case simdjson::dom::element_type::ARRAY:
      return "[]interface {}";
    default:
      return "float64";
  }
}

template <class T, class Print>
std::string list(std::span<const T> items, Print print) {
  std::string out = "[";
  for (const T& item : items) {
    if (out.size() > 1) out += ", ";
    out += print(item);
  }
  return out + "]";
}

std::string list(std::span<const std::string_view> names) { return list(names, quoted); }

constexpr std::string_view kNotAllowed = "value-not-allowed";
constexpr std::string_view kNotAllowedTitle = "value is not one of the allowed values";

}  // namespace

void Report::add(const Path& path, std::string_view code, std::string_view title,
                 std::string detail) {
  if (errors_.size() == kErrorsMax) return;
  Error error = make_error(code, title, std::move(detail));
  error.pointer = path.pointer();
  error.meta = meta_;
  errors_.push_back(std::move(error));
}

void Report::add(const Path& path, std::string_view code, std::string_view title) {
  add(path, code, title, std::string(title));
}

void Report::type_is_not(const Path& path, std::string_view wanted, json::Element actual) {
  add(path, fmt::format("type-not-{}", wanted), fmt::format("type is not {}", wanted),
      fmt::format("type is not {}, but {}", wanted, kind_name(actual)));
}

void Report::not_parsable_time(const Path& path, std::string_view text, std::string_view layout) {
  add(path, "value-not-parsable", "value is not a parsable time",
      fmt::format("value {} is not a parsable time of format \"{}\"", quoted(text), layout));
}

void Report::not_parsed(const Path& path) { add(path, "not-parsed", "not parsed"); }

void Report::not_exists(const Path& path) { add(path, "value-not-exists", "value does not exist"); }

void Report::exists(const Path& path) { add(path, "value-exists", "value exists"); }

void Report::empty_value(const Path& path) { add(path, "value-empty", "value is empty"); }

void Report::duplicate(const Path& path) { add(path, "value-duplicate", "value is a duplicate"); }

void Report::not_allowed(const Path& path, std::string_view text,
                         std::span<const std::string_view> allowed) {
  add(path, kNotAllowed, kNotAllowedTitle,
      fmt::format("value {} is not one of {}", quoted(text), list(allowed)));
}

void Report::number_not_allowed(const Path& path, std::string_view number,
                                std::span<const double> allowed) {
  add(path, kNotAllowed, kNotAllowedTitle,
      fmt::format("value {} is not one of {}", number, list(allowed, plain_number)));
}

void Report::out_of_range(const Path& path, std::string_view value, std::string_view relation) {
  add(path, "value-out-of-range", "value is out of range",
      fmt::format("value {} is not {}", value, relation));
}

void Report::not_equal(const Path& path, std::string_view text, std::string_view expected) {
  add(path, "value-out-of-range", "value is out of range",
      fmt::format("value {} is not equal to {}", quoted(text), quoted(expected)));
}

void Report::bad_length(const Path& path, size_t length, std::string_view relation) {
  add(path, "length-out-of-range", "length is out of range",
      fmt::format("length {} is not {}", length, relation));
}

void Report::bad_size(const Path& path, size_t size, size_t size_max) {
  add(path, "size-out-of-range", "size is out of range",
      fmt::format("size {} is not less than or equal to {}", size, size_max));
}

void Report::not_valid(const Path& path, std::string_view text, std::string_view as_what) {
  add(path, "value-not-valid", "value is not valid",
      fmt::format("value {} is not valid {}", quoted(text), as_what));
}

void Report::not_after(const Path& path, const Time& time, const Time& limit) {
  add(path, "value-not-after", "value is not after the specified time",
      fmt::format("value \"{}\" is not after \"{}\"", format_time(time), format_time(limit)));
}

void Report::none_of_any(const Path& path, std::span<const std::string_view> names) {
  add(path, "values-not-exist-for-any", "values do not exist for any",
      fmt::format("values do not exist for any of {}", list(names)));
}

void Report::none_of_one(const Path& path, std::span<const std::string_view> names) {
  add(path, "values-not-exist-for-one", "values do not exist for one",
      fmt::format("values do not exist for one of {}", list(names)));
}

}  // namespace tideway::record

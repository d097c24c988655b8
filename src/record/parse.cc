#include "record/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "base/number.h"
#include "json/canonical.h"

namespace tideway::record {
namespace {

using json::Element;
using simdjson::dom::array;

Value parse_value(const Field& field, Element element, const Path& path, Parsing& parsing);

/// The last member of that name that is not null.
std::optional<Element> find_member(simdjson::dom::object members, std::string_view name) {
  std::optional<Element> found;
  for (const auto [key, value] : members) {
    if (key == name) found = value;
  }
  if (found && found->is_null()) found.reset();
  return found;
}

Value parse_time(Element element, bool local, const Path& path, Parsing& parsing) {
  Value value;
  if (!element.is_string()) {
    parsing.report.type_is_not(path, "time", element);
    return value;
  }
  value.text = element.get_string().value_unsafe();
  const auto time = local ? parse_local_time(value.text) : parse_instant(value.text);
  // An offset can push an instant out of the years that can be printed again.
  if (!time || !is_printable(time->milliseconds())) {
    parsing.report.not_parsable_time(path, value.text, local ? kLocalTimeLayout : kInstantLayout);
    return value;
  }
  value.time = *time;
  value.present = true;
  return value;
}

Value parse_number(Element element, bool integer, const Path& path, Parsing& parsing) {
  Value value;
  if (json::is_number(element)) value.number = json::number(element);
  if (!json::is_number(element) || (integer && !is_integral(value.number))) {
    parsing.report.type_is_not(path, integer ? "int" : "float64", element);
    return value;
  }
  if (integer) value.number = static_cast<double>(to_int64(value.number));
  value.present = true;
  return value;
}

/// Metadata is free-form: its canonical text is all that later stages need.
Value parse_metadata(const Field& field, Element element, const Path& path, Parsing& parsing) {
  Value value;
  if (!element.is_object()) {
    parsing.report.type_is_not(path, "object", element);
    return value;
  }
  const auto nulls = field.has_nulls() ? json::TopLevelNulls::kKeep : json::TopLevelNulls::kDrop;
  std::string text;
  json::append_canonical_object(text, element.get_object().value_unsafe(), nulls);
  value.text = parsing.arena.copy(text);
  value.present = true;
  return value;
}

/// The number of items, unless there are so many that reading them is refused.
std::optional<size_t> checked_size(const array& elements, const Path& path, Report& report) {
  const size_t size = json::size(elements);
  if (size <= kArrayItemsMax) return size;
  report.bad_length(path, size, fmt::format("less than or equal to {}", kArrayItemsMax));
  return std::nullopt;
}

/// A string array: null and, after an error, other kinds read as "".
Value parse_strings(const array& elements, size_t size, const Path& path, Parsing& parsing) {
  Value value;
  value.present = true;
  value.items = parsing.arena.make<Value>(size);
  size_t i = 0;
  for (const Element element : elements) {
    Value& item = value.items[i];
    item.present = true;
    if (element.is_string()) {
      item.text = element.get_string().value_unsafe();
    } else if (!element.is_null()) {
      parsing.report.type_is_not(Path(path, i), "string", element);
    }
    ++i;
  }
  return value;
}

/// An object, whatever chooses its shape.
Value parse_nested(const Field& field, Element element, const Path& path, Parsing& parsing) {
  Value value;
  if (!element.is_object()) {
    parsing.report.type_is_not(path, "object", element);
    return value;
  }
  const simdjson::dom::object members = element.get_object().value_unsafe();
  const bool by_members = field.kind() == Kind::kVariant || field.kind() == Kind::kRecord;
  const Object* const object =
      by_members ? choose(field.dispatch(), members, path, parsing.report) : &field.object();
  if (object == nullptr) return value;
  value.schema = object;
  value.items = parse_object(*object, members, path, parsing).fields;
  value.present = true;
  return value;
}

Value parse_items(const Field& field, Element element, const Path& path, Parsing& parsing) {
  Value value;
  if (!element.is_array()) {
    parsing.report.type_is_not(path, "array", element);
    return value;
  }
  const array elements = element.get_array().value_unsafe();
  const auto size = checked_size(elements, path, parsing.report);
  if (!size) return value;
  if (field.kind() == Kind::kStrings) return parse_strings(elements, *size, path, parsing);
  value.present = true;
  value.items = parsing.arena.make<Value>(*size);
  size_t i = 0;
  for (const Element item : elements) {
    const Path at(path, i);
    if (item.is_null()) {
      // Stays absent; validation says so.
    } else if (field.kind() == Kind::kMetadatas) {
      value.items[i] = parse_metadata(field, item, at, parsing);
    } else {
      value.items[i] = parse_nested(field, item, at, parsing);
    }
    ++i;
  }
  return value;
}

Value parse_map(const Field& field, Element element, const Path& path, Parsing& parsing) {
  Value value;
  if (!element.is_object()) {
    parsing.report.type_is_not(path, "object", element);
    return value;
  }
  std::vector<std::pair<std::string_view, Element>> members;
  const simdjson::dom::object object = element.get_object().value_unsafe();
  for (const auto [key, item] : object) members.emplace_back(key, item);
  std::ranges::stable_sort(members, {}, [](const auto& member) { return member.first; });
  // Of equal keys the last counts.
  const auto doubled = std::unique(members.rbegin(), members.rend(),
                                   [](const auto& a, const auto& b) { return a.first == b.first; });
  members.erase(members.begin(), doubled.base());

  value.present = true;
  value.items = parsing.arena.make<Value>(members.size());
  const auto keys = parsing.arena.make<std::string_view>(members.size());
  value.keys = keys.data();
  for (size_t i = 0; i < members.size(); ++i) {
    const auto& [key, item] = members[i];
    keys[i] = key;
    if (item.is_null()) continue;
    const Path at(path, key);
    value.items[i] = field.kind() == Kind::kObjectMap ? parse_nested(field, item, at, parsing)
                                                      : parse_items(field, item, at, parsing);
  }
  return value;
}

Value parse_simple(const Field& field, Element element, const Path& path, Parsing& parsing) {
  Value value;
  if (field.kind() == Kind::kString) {
    value.present = element.is_string();
    if (value.present) {
      value.text = element.get_string().value_unsafe();
    } else {
      parsing.report.type_is_not(path, "string", element);
    }
  } else {
    value.present = element.is_bool();
    if (value.present) {
      value.boolean = element.get_bool().value_unsafe();
    } else {
      parsing.report.type_is_not(path, "bool", element);
    }
  }
  return value;
}

Value parse_value(const Field& field, Element element, const Path& path, Parsing& parsing) {
  switch (field.kind()) {
    case Kind::kInteger:
    case Kind::kNumber:
      return parse_number(element, field.kind() == Kind::kInteger, path, parsing);
    case Kind::kInstant:
    case Kind::kLocalTime:
      return parse_time(element, field.kind() == Kind::kLocalTime, path, parsing);
    case Kind::kObject:
    case Kind::kVariant:
    case Kind::kRecord:
      return parse_nested(field, element, path, parsing);
    case Kind::kObjects:
    case Kind::kStrings:
    case Kind::kMetadatas:
      return parse_items(field, element, path, parsing);
    case Kind::kObjectMap:
    case Kind::kObjectsMap:
      return parse_map(field, element, path, parsing);
    case Kind::kMetadata:
      return parse_metadata(field, element, path, parsing);
    default:
      return parse_simple(field, element, path, parsing);
  }
}

void report_unknown(std::vector<std::string_view>& names, const Path& path, Report& report) {
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) report.not_parsed(Path(path, name));
}

}  // namespace

ObjectValue parse_object(const Object& object, simdjson::dom::object members, const Path& path,
                         Parsing& parsing) {
  struct Source {
    Element element;
    bool present;
  };
  const std::vector<Field>& fields = object.fields();
  const std::span<Source> sources = parsing.arena.make<Source>(fields.size());
  std::vector<std::string_view> unknown;
  for (const auto [key, value] : members) {
    const int at = object.find(key);
    if (at >= 0) {
      sources[static_cast<size_t>(at)] = {value, !value.is_null()};
    } else if (object.is_strict()) {
      unknown.push_back(key);
    }
  }

  const ObjectValue result{&object, parsing.arena.make_raw<Value>(fields.size())};
  for (size_t at = 0; at < fields.size(); ++at) {
    if (!sources[at].present) new (&result.fields[at]) Value;
  }
  for (const uint16_t at : object.parse_order()) {
    if (!sources[at].present) continue;
    // Made in its place: a copy of what was written just before would wait for those writes.
    new (&result.fields[at])
        Value(parse_value(fields[at], sources[at].element, Path(path, fields[at].name()), parsing));
  }
  report_unknown(unknown, path, parsing.report);
  return result;
}

const Object* choose(const Dispatch& dispatch, simdjson::dom::object members, const Path& path,
                     Report& report) {
  const Path at(path, dispatch.key);
  const std::optional<Element> element = find_member(members, dispatch.key);
  if (!element || !element->is_string()) {
    if (element) report.type_is_not(at, "string", *element);
    report.not_exists(at);
    return nullptr;
  }
  const std::string_view value = element->get_string().value_unsafe();
  const auto chosen = std::ranges::find(dispatch.cases, value, &Dispatch::Case::value);
  if (chosen == dispatch.cases.end()) {
    std::vector<std::string_view> allowed;
    for (const auto& option : dispatch.cases) allowed.push_back(option.value);
    report.not_allowed(at, value, allowed);
    return nullptr;
  }
  if (chosen->object != nullptr) return &chosen->object();
  return choose(chosen->dispatch(), members, path, report);
}

}  // namespace tideway::record

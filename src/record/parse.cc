#include "record/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "base/number.h"
#include "base/short_text.h"
#include "json/canonical.h"

namespace tideway::record {
namespace {

using json::Element;
using simdjson::dom::array;

/// The last member of that name that is not null.
std::optional<Element> find_member(simdjson::dom::object members, std::string_view name) {
  std::optional<Element> found;
  for (const auto [key, value] : members) {
    if (key == name) found = value;
  }
  if (found && found->is_null()) found.reset();
  return found;
}

// Each of these fills in a value that is still absent, and leaves it so after an error.

void parse_time(Element element, bool local, const Path& path, Parsing& parsing, Value& value) {
  if (!element.is_string()) return parsing.report.type_is_not(path, "time", element);
  const std::string_view text = element.get_string().value_unsafe();
  const auto time = local ? parse_local_time(text) : parse_instant(text);
  // An offset can push an instant out of the years that can be printed again.
  if (!time || !is_printable(time->milliseconds())) {
    const std::string_view layout = local ? kLocalTimeLayout : kInstantLayout;
    return parsing.report.not_parsable_time(path, text, layout);
  }
  value.text = text;
  value.time = *time;
  value.present = true;
}

void parse_number(Element element, bool integer, const Path& path, Parsing& parsing, Value& value) {
  const std::optional<double> number = json::as_number(element);
  if (!number || (integer && !is_integral(*number))) {
    return parsing.report.type_is_not(path, integer ? "int" : "float64", element);
  }
  value.number = integer ? static_cast<double>(to_int64(*number)) : *number;
  value.present = true;
}

/// Metadata is free-form: its canonical text is all that later stages need.
void parse_metadata(const Field& field, Element element, const Path& path, Parsing& parsing,
                    Value& value) {
  if (!element.is_object()) return parsing.report.type_is_not(path, "object", element);
  const auto nulls = field.has_nulls() ? json::TopLevelNulls::kKeep : json::TopLevelNulls::kDrop;
  std::string& text = parsing.arena.scratch();
  json::append_canonical_object(text, element.get_object().value_unsafe(), nulls);
  value.text = parsing.arena.copy(text);
  value.present = true;
}

/// Whether a length is within `max`; if not, it is reported.
bool is_length_within(size_t length, size_t max, const Path& path, Report& report) {
  if (length <= max) return true;
  report.bad_length(path, length, fmt::format("less than or equal to {}", max));
  return false;
}

/// The number of items, unless there are so many that reading them is refused.
std::optional<size_t> checked_size(const array& elements, const Path& path, Report& report) {
  const size_t size = json::size(elements);
  if (!is_length_within(size, kArrayItemsMax, path, report)) return std::nullopt;
  return size;
}

/// A string array: null and, after an error, other kinds read as "".
void parse_strings(const array& elements, const Path& path, Parsing& parsing, Value& value) {
  size_t i = 0;
  for (const Element element : elements) {
    Value& item = value.items[i];
    item.present = true;
    if (element.is_string()) {
      item.text = element.get_string().value_unsafe();
      is_length_within(item.text.size(), kStringBytesMax, Path(path, i), parsing.report);
    } else if (!element.is_null()) {
      parsing.report.type_is_not(Path(path, i), "string", element);
    }
    ++i;
  }
}

void set_object(const ObjectValue& object, Value& value) {
  value.shape = {object.object, object.present};
  value.items = object.fields;
  value.present = true;
}

/// An object, whatever chooses its shape.
void parse_nested(const Field& field, Element element, const Path& path, Parsing& parsing,
                  Value& value) {
  if (!element.is_object()) return parsing.report.type_is_not(path, "object", element);
  const simdjson::dom::object members = element.get_object().value_unsafe();
  if (field.kind() != Kind::kVariant && field.kind() != Kind::kRecord) {
    return set_object(parse_object(field.object(), members, path, parsing), value);
  }
  if (const Object* const guessed = guess(field.dispatch(), members)) {
    if (const auto object = parse_guessed(*guessed, members, path, parsing)) {
      return set_object(*object, value);
    }
  }
  const Object* const object = choose(field.dispatch(), members, path, parsing.report);
  if (object != nullptr) set_object(parse_object(*object, members, path, parsing), value);
}

void parse_items(const Field& field, Element element, const Path& path, Parsing& parsing,
                 Value& value) {
  if (!element.is_array()) return parsing.report.type_is_not(path, "array", element);
  const array elements = element.get_array().value_unsafe();
  const auto size = checked_size(elements, path, parsing.report);
  if (!size) return;
  value.present = true;
  value.items = parsing.arena.make<Value>(*size);
  if (field.kind() == Kind::kStrings) return parse_strings(elements, path, parsing, value);
  size_t i = 0;
  for (const Element item : elements) {
    const Path at(path, i);
    if (item.is_null()) {
      // Stays absent; validation says so.
    } else if (field.kind() == Kind::kMetadatas) {
      parse_metadata(field, item, at, parsing, value.items[i]);
    } else {
      parse_nested(field, item, at, parsing, value.items[i]);
    }
    ++i;
  }
}

void parse_map(const Field& field, Element element, const Path& path, Parsing& parsing,
               Value& value) {
  if (!element.is_object()) return parsing.report.type_is_not(path, "object", element);
  std::vector<std::pair<std::string_view, Element>> members;
  const simdjson::dom::object object = element.get_object().value_unsafe();
  for (const auto [key, item] : object) members.emplace_back(key, item);
  if (!is_length_within(members.size(), kArrayItemsMax, path, parsing.report)) return;
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
    // The key itself would be too long to show.
    if (!is_length_within(key.size(), kStringBytesMax, path, parsing.report)) continue;
    if (item.is_null()) continue;
    const Path at(path, key);
    if (field.kind() == Kind::kObjectMap) {
      parse_nested(field, item, at, parsing, value.items[i]);
    } else {
      parse_items(field, item, at, parsing, value.items[i]);
    }
  }
}

void parse_string(Element element, const Path& path, Parsing& parsing, Value& value) {
  if (!element.is_string()) return parsing.report.type_is_not(path, "string", element);
  value.text = element.get_string().value_unsafe();
  value.present = is_length_within(value.text.size(), kStringBytesMax, path, parsing.report);
}

void parse_boolean(Element element, const Path& path, Parsing& parsing, Value& value) {
  if (!element.is_bool()) return parsing.report.type_is_not(path, "bool", element);
  value.boolean = element.get_bool().value_unsafe();
  value.present = true;
}

void parse_value(const Field& field, Element element, const Path& path, Parsing& parsing,
                 Value& value) {
  switch (field.kind()) {
    case Kind::kString:
      return parse_string(element, path, parsing, value);
    case Kind::kInteger:
    case Kind::kNumber:
      return parse_number(element, field.kind() == Kind::kInteger, path, parsing, value);
    case Kind::kInstant:
    case Kind::kLocalTime:
      return parse_time(element, field.kind() == Kind::kLocalTime, path, parsing, value);
    case Kind::kObject:
    case Kind::kVariant:
    case Kind::kRecord:
      return parse_nested(field, element, path, parsing, value);
    case Kind::kObjects:
    case Kind::kStrings:
    case Kind::kMetadatas:
      return parse_items(field, element, path, parsing, value);
    case Kind::kObjectMap:
    case Kind::kObjectsMap:
      return parse_map(field, element, path, parsing, value);
    case Kind::kMetadata:
      return parse_metadata(field, element, path, parsing, value);
    default:
      return parse_boolean(element, path, parsing, value);
  }
}

void report_unknown(const Object& object, simdjson::dom::object members, const Path& path,
                    Report& report) {
  std::vector<std::string_view> names;
  for (const auto [key, value] : members) {
    if (object.find(key) < 0) names.push_back(key);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) report.not_parsed(Path(path, name));
}

bool says(Element element, std::string_view text) {
  return element.is_string() && same_text(element.get_string().value_unsafe(), text);
}

/// Where the members of an object stand that its fields are read from.
struct Sources {
  std::span<Element> elements;  ///< by field
  FieldSet present = 0;
  bool contradicts = false;  ///< a member says other than the constant of its name
};

/// Of several members of one name the last counts, and a null is as good as none.
Sources find_sources(const Object& object, simdjson::dom::object members, Parsing& parsing) {
  const std::span elements = parsing.arena.make_raw<Element>(object.fields().size());
  MemberOrders::Order& order = parsing.orders.of(object);
  FieldSet present = 0;
  bool contradicts = false;
  size_t place = 0;
  // Through the iterator: the pairs that it gives are put together in memory and taken apart again,
  // which stalls the processor.
  const auto end = members.end();
  for (auto member = members.begin(); member != end; ++member) {
    const int guess = order[place];
    const int found = object.find_member(member.key(), guess);
    if (found != guess) order[place] = static_cast<int16_t>(found);
    place = std::min(place + 1, order.size() - 1);
    if (found < 0) continue;
    const auto at = static_cast<size_t>(found);
    const Element value = member.value();
    if (contains(object.constants(), at)) {
      contradicts |= !says(value, object.fields()[at].constant());
      continue;
    }
    new (&elements[at]) Element(value);
    present &= ~only(at);
    present |= FieldSet{!value.is_null()} << at;
  }
  return {elements, present, contradicts};
}

ObjectValue parse_fields(const Object& object, const Sources& sources, const Path& path,
                         Parsing& parsing) {
  const std::vector<Field>& fields = object.fields();
  ObjectValue result{&object, parsing.arena.make_zeroed<Value>(fields.size())};
  Path place(path, std::string_view());
  const auto parse = [&](size_t at) {
    Value& value = result.fields[at];
    place.key = fields[at].name();
    parse_value(fields[at], sources.elements[at], place, parsing, value);
    result.present |= FieldSet{value.present} << at;
  };
  if (object.is_parsed_in_order()) {
    for_each_field(sources.present, parse);
  } else {
    for (const uint16_t at : object.parse_order()) {
      if (contains(sources.present, at)) parse(at);
    }
  }
  return result;
}

}  // namespace

ObjectValue parse_object(const Object& object, simdjson::dom::object members, const Path& path,
                         Parsing& parsing) {
  const Sources sources = find_sources(object, members, parsing);
  const ObjectValue result = parse_fields(object, sources, path, parsing);
  if (object.is_strict()) report_unknown(object, members, path, parsing.report);
  return result;
}

std::optional<ObjectValue> parse_guessed(const Object& object, simdjson::dom::object members,
                                         const Path& path, Parsing& parsing) {
  const Sources sources = find_sources(object, members, parsing);
  if (sources.contradicts) return std::nullopt;
  return parse_fields(object, sources, path, parsing);
}

const Object* guess(const Dispatch& dispatch, simdjson::dom::object members) {
  const auto end = members.end();
  for (auto member = members.begin(); member != end; ++member) {
    if (!same_text(member.key(), dispatch.key)) continue;
    const Element element = member.value();
    if (!element.is_string()) return nullptr;
    const std::string_view value = element.get_string().value_unsafe();
    for (const Dispatch::Case& option : dispatch.cases) {
      if (!same_text(option.value, value)) continue;
      const Object* const object =
          option.object != nullptr ? &option.object() : guess(option.dispatch(), members);
      // Only what is a constant too will be checked.
      const bool checks = object != nullptr && same_text(object->constant(dispatch.key), value);
      return checks ? object : nullptr;
    }
    return nullptr;
  }
  return nullptr;
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

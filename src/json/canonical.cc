#include "json/canonical.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/number.h"
#include "base/text.h"

namespace tideway::json {
namespace {

struct Member {
  std::string_view key;
  Element value;
};

/// Whether each key is greater than the one before, as most clients write them: then nothing needs
/// to be put aside.
bool are_sorted(simdjson::dom::object object) {
  std::string_view before;
  bool first = true;
  for (const auto [key, value] : object) {
    if (!first && key <= before) return false;
    before = key;
    first = false;
  }
  return true;
}

/// The members of an object by key; of equal keys only the last.
std::vector<Member> sorted_members(simdjson::dom::object object) {
  std::vector<Member> members;
  for (const auto [key, value] : object) members.push_back({key, value});
  std::ranges::stable_sort(members, {}, &Member::key);
  const auto doubled = [&](const Member& member) {
    const auto* next = &member + 1;
    return next != members.data() + members.size() && next->key == member.key;
  };
  std::vector<Member> unique;
  unique.reserve(members.size());
  for (const Member& member : members) {
    if (!doubled(member)) unique.push_back(member);
  }
  return unique;
}

}  // namespace

void append_canonical(std::string& out, Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      append_canonical_object(out, element.get_object().value_unsafe(), TopLevelNulls::kKeep);
      return;
    case simdjson::dom::element_type::ARRAY: {
      const simdjson::dom::array items = element.get_array().value_unsafe();
      char separator = '[';
      for (const Element item : items) {
        out += separator;
        separator = ',';
        append_canonical(out, item);
      }
      if (separator == '[') out += '[';
      out += ']';
      return;
    }
    case simdjson::dom::element_type::STRING:
      append_json_string(out, element.get_string().value_unsafe());
      return;
    case simdjson::dom::element_type::BOOL:
      out += element.get_bool().value_unsafe() ? "true" : "false";
      return;
    case simdjson::dom::element_type::NULL_VALUE:
      out += "null";
      return;
    default:
      append_json_number(out, number(element));
  }
}

bool append_canonical_object(std::string& out, simdjson::dom::object object, TopLevelNulls nulls) {
  bool any = false;
  const auto append = [&](std::string_view key, Element value) {
    if (nulls == TopLevelNulls::kDrop && value.is_null()) return;
    if (any) out += ',';
    any = true;
    append_json_string(out, key);
    out += ':';
    append_canonical(out, value);
  };
  out += '{';
  if (are_sorted(object)) {
    for (const auto [key, value] : object) append(key, value);
  } else {
    for (const Member& member : sorted_members(object)) append(member.key, member.value);
  }
  out += '}';
  return any;
}

}  // namespace tideway::json

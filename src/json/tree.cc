#include "json/tree.h"

#include <algorithm>

#include "base/number.h"
#include "base/text.h"

namespace tideway::json {
namespace {

/// What fits on a line stays on it.
constexpr size_t kLineWidth = 100;

Tree::Members copy_members(simdjson::dom::object object) {
  Tree::Members members;
  for (const auto [key, value] : object) {
    const auto known = std::ranges::find(members, key, &Tree::Member::first);
    if (known == members.end()) {
      members.emplace_back(key, Tree::copy(value));
    } else {
      known->second = Tree::copy(value);
    }
  }
  return members;
}

}  // namespace

Tree Tree::literal(std::string json) {
  Tree tree;
  tree.value_ = std::move(json);
  return tree;
}

Tree Tree::text(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return literal(std::move(json));
}

Tree Tree::number(double value) {
  std::string json;
  append_json_number(json, value);
  return literal(std::move(json));
}

Tree Tree::copy(Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      return copy_members(element.get_object().value_unsafe());
    case simdjson::dom::element_type::ARRAY: {
      const simdjson::dom::array list = element.get_array().value_unsafe();
      Items items;
      for (const Element item : list) items.push_back(copy(item));
      return items;
    }
    case simdjson::dom::element_type::STRING:
      return text(element.get_string().value_unsafe());
    case simdjson::dom::element_type::BOOL:
      return literal(element.get_bool().value_unsafe() ? "true" : "false");
    case simdjson::dom::element_type::NULL_VALUE:
      return {};
    default:
      return number(json::number(element));
  }
}

Tree* Tree::find(std::string_view name) {
  Members* const all = members();
  if (all == nullptr) return nullptr;
  const auto found = std::ranges::find(*all, name, &Member::first);
  return found == all->end() ? nullptr : &found->second;
}

void Tree::add(std::string name, Tree value) {
  if (members() == nullptr) value_ = Members();
  members()->emplace_back(std::move(name), std::move(value));
}

std::string Tree::compact() const {
  std::string out;
  append_compact(out);
  return out;
}

std::string Tree::pretty() const {
  std::string out;
  append_pretty(out, 0);
  return out + '\n';
}

void Tree::append_compact(std::string& out) const {
  if (const auto* const list = items()) {
    out += '[';
    for (const Tree& item : *list) {
      if (&item != list->data()) out += ',';
      item.append_compact(out);
    }
    out += ']';
  } else if (const auto* const object = members()) {
    out += '{';
    for (const auto& [name, value] : *object) {
      if (out.back() != '{') out += ',';
      append_json_string(out, name);
      out += ':';
      value.append_compact(out);
    }
    out += '}';
  } else {
    out += std::get<std::string>(value_);
  }
}

void Tree::append_pretty(std::string& out, size_t depth) const {
  const std::string line = compact();
  if (2 * depth + line.size() <= kLineWidth || std::holds_alternative<std::string>(value_)) {
    out += line;
    return;
  }
  const std::string indent = '\n' + std::string(2 * (depth + 1), ' ');
  const auto* const list = items();
  out += list != nullptr ? '[' : '{';
  bool first = true;
  const auto separate = [&] {
    if (!first) out += ',';
    first = false;
    out += indent;
  };
  if (list != nullptr) {
    for (const Tree& item : *list) {
      separate();
      item.append_pretty(out, depth + 1);
    }
  } else {
    for (const auto& [name, value] : *members()) {
      separate();
      append_json_string(out, name);
      out += ": ";
      value.append_pretty(out, depth + 1);
    }
  }
  out += '\n' + std::string(2 * depth, ' ');
  out += list != nullptr ? ']' : '}';
}

}  // namespace tideway::json

#include "json/member.h"

#include <algorithm>

#include "base/text.h"

namespace tideway::json {
namespace {

/// The place behind the string that begins at `at`.
size_t string_end(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// The place behind the value that begins at `at`: at the next comma on its level, or at the end.
size_t value_end(std::string_view text, size_t at) {
  size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      continue;
    }
    if (c == ',' && depth == 0) break;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    ++at;
  }
  return std::min(at, text.size());
}

}  // namespace

std::optional<std::string_view> find_member(std::string_view members, std::string_view name) {
  size_t at = 0;
  while (at < members.size()) {
    if (members[at] != '"') {
      ++at;
      continue;
    }
    const size_t colon = string_end(members, at);
    if (colon + 1 >= members.size()) return std::nullopt;
    const std::string_view found = members.substr(at + 1, colon - at - 2);
    const size_t end = value_end(members, colon + 1);
    if (found == name) return members.substr(colon + 1, end - colon - 1);
    at = end + 1;
  }
  return std::nullopt;
}

std::string_view members_of(std::string_view object) {
  const bool is_object = object.size() >= 2 && object.front() == '{' && object.back() == '}';
  return is_object ? object.substr(1, object.size() - 2) : std::string_view();
}

bool is_string(std::string_view value, std::string_view expected) {
  std::string written;
  append_json_string(written, expected);
  return value == written;
}

}  // namespace tideway::json

#include "json/document.h"

#include <algorithm>
#include <string_view>

#include "json/repair.h"

namespace tideway::json {
namespace {

/// How many arrays and objects stand inside each other. Of malformed text it may be any number.
size_t nesting_depth(std::string_view text) {
  size_t depth = 0;
  size_t deepest = 0;
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      in_string = !in_string;
    } else if (in_string) {
      if (c == '\\') ++at;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

simdjson::error_code Parser::parse_within(const std::string& text, size_t depth_max,
                                          Element& root) {
  if (parser_.max_depth() != depth_max) {
    const auto error = parser_.allocate(text.size(), depth_max);
    if (error) return error;
  }
  return parser_.parse(text).get(root);
}

/// simdjson counts an empty array or object as no level and stops one level early elsewhere, so it
/// refuses some documents of the greatest allowed depth: those are counted here and read again.
simdjson::error_code Parser::parse_nested(const std::string& text, Element& root) {
  const auto error = parse_within(text, kNestingDepthMax, root);
  if (error != simdjson::DEPTH_ERROR || nesting_depth(text) > kNestingDepthMax) return error;
  return parse_within(text, kNestingDepthMax + 1, root);
}

std::optional<Element> Parser::parse(const std::string& text) {
  Element root;
  if (!needs_repair(text)) {
    const auto error = parse_nested(text, root);
    if (!error) return root;
    if (!is_repairable(error)) return std::nullopt;
  }
  repair(text, repaired_);
  if (parse_nested(repaired_, root)) return std::nullopt;
  return root;
}

size_t size(const simdjson::dom::array& items) {
  constexpr size_t kSaturated = 0xffffff;
  if (items.size() < kSaturated) return items.size();
  size_t count = 0;
  for ([[maybe_unused]] const Element item : items) ++count;
  return count;
}

}  // namespace tideway::json

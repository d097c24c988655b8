#include "json/document.h"

#include "json/repair.h"

namespace tideway::json {

std::optional<Element> Parser::parse(const std::string& text) {
  if (parser_.max_depth() != kNestingDepthMax && parser_.allocate(text.size(), kNestingDepthMax)) {
    return std::nullopt;
  }

  Element root;
  if (!needs_repair(text)) {
    const auto error = parser_.parse(text).get(root);
    if (!error) return root;
    if (!is_repairable(error)) return std::nullopt;
  }
  repair(text, repaired_);
  if (parser_.parse(repaired_).get(root)) return std::nullopt;
  return root;
}

double number(Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::INT64:
      return static_cast<double>(element.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return static_cast<double>(element.get_uint64().value_unsafe());
    default:
      return element.get_double().value_unsafe();
  }
}

size_t size(const simdjson::dom::array& items) {
  constexpr size_t kSaturated = 0xffffff;
  if (items.size() < kSaturated) return items.size();
  size_t count = 0;
  for ([[maybe_unused]] const Element item : items) ++count;
  return count;
}

}  // namespace tideway::json

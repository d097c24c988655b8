#include "tests/e2e/json_text.h"

#include "tests/contract/vectors.h"

namespace tideway::e2e {

Json::Json(std::string_view text) : root_(contract::parsed(parser_, std::string(text))) {}

std::string text_at(std::string_view text, std::string_view pointer) {
  return std::string(std::string_view(Json(text).at(pointer)));
}

bool same_json(std::string_view expected, std::string_view actual) {
  contract::Generated none;
  return contract::same_json(Json(expected).root(), Json(actual).root(), none);
}

std::vector<std::string> texts_of(std::string_view text, std::string_view pointer) {
  const Json parsed(text);
  std::vector<std::string> texts;
  for (const json::Element item : simdjson::dom::array(parsed.root())) {
    std::string_view found;
    if (item.at_pointer(pointer).get(found) == simdjson::SUCCESS) texts.emplace_back(found);
  }
  return texts;
}

size_t count_of(std::string_view text) {
  const Json parsed(text);
  return json::size(parsed.root());
}

}  // namespace tideway::e2e

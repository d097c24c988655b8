// Short ways into JSON answers. All of them throw when the text is not as expected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace tideway::e2e {

/// A text with what was parsed from it.
class Json {
 public:
  explicit Json(std::string_view text);

  json::Element root() const { return root_; }
  /// The value at a JSON pointer, such as "/data/uploadId".
  json::Element at(std::string_view pointer) const { return root_.at_pointer(pointer); }
  bool has(std::string_view pointer) const { return !root_.at_pointer(pointer).error(); }

 private:
  json::Parser parser_;
  json::Element root_;
};

/// The string at a JSON pointer.
std::string text_at(std::string_view text, std::string_view pointer);

/// Whether two texts are the same JSON; the order of members is free.
bool same_json(std::string_view expected, std::string_view actual);

/// The strings at `pointer` of those elements of an array that have one, in order:
/// texts_of(fetched,
/// "/id") are the ids.
std::vector<std::string> texts_of(std::string_view text, std::string_view pointer);

size_t count_of(std::string_view text);  ///< elements of an array

}  // namespace tideway::e2e

// JSON in: what Go's encoding/json accepts, parsed by simdjson (docs/spec/http.md 5.1).
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>

namespace tideway::json {

using Element = simdjson::dom::element;

/// Deeper nesting is malformed, as in the reference.
inline constexpr size_t kNestingDepthMax = 10'000;

/// Keeps its buffers from one document to the next. Not to be shared between threads.
class Parser {
 public:
  /// The document, or nothing when `text` is not one JSON value with optional white space around.
  /// The element and everything read from it live until the next call. A `text` with spare
  /// capacity of simdjson::SIMDJSON_PADDING bytes is not copied.
  ///
  /// Invalid UTF-8 in strings and lone surrogates read as U+FFFD, every number is a double:
  /// number() gives it.
  std::optional<Element> parse(const std::string& text);

 private:
  simdjson::error_code parse_within(const std::string& text, size_t depth_max, Element& root);
  simdjson::error_code parse_nested(const std::string& text, Element& root);

  simdjson::dom::parser parser_;
  std::string repaired_;
};

/// The value of a JSON number, integer or not, as the double that its text reads to; nothing for
/// what is no number.
inline std::optional<double> as_number(Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::DOUBLE:
      return element.get_double().value_unsafe();
    case simdjson::dom::element_type::INT64:
      return static_cast<double>(element.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return static_cast<double>(element.get_uint64().value_unsafe());
    default:
      return std::nullopt;
  }
}

/// The same of what is known to be a number.
inline double number(Element element) { return as_number(element).value_or(0); }

inline bool is_number(Element element) { return as_number(element).has_value(); }

/// The number of items. simdjson's own count stops at 2^24.
size_t size(const simdjson::dom::array& items);

}  // namespace tideway::json

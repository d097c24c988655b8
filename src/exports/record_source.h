// The records of a fetch, taken one by one out of its text.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "json/document.h"
#include "store/store.h"

namespace tideway::exports {

/// Holds one part of the text and one record. Not to be shared between threads.
class RecordSource {
 public:
  /// Appends the next part of the JSON array to its argument, each element on a line of its own, as
  /// query::Fetch writes it; false when that was the last one.
  using NextPart = std::function<store::Result<bool>(std::string& out)>;

  explicit RecordSource(NextPart next_part) : next_part_(std::move(next_part)) {}

  /// The next record, or nothing at the end. It lives until the next call.
  store::Result<std::optional<simdjson::dom::object>> next();

 private:
  store::Result<bool> next_line();

  NextPart next_part_;
  std::string text_;  ///< read, not yet used up to at_
  size_t at_ = 0;
  bool more_ = true;
  std::string line_;
  json::Parser parser_;
};

}  // namespace tideway::exports

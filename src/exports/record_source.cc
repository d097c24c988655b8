#include "exports/record_source.h"

namespace tideway::exports {

/// Moves the next whole line into line_; false at the end.
store::Result<bool> RecordSource::next_line() {
  for (;;) {
    const size_t end = text_.find('\n', at_);
    if (end != std::string::npos) {
      line_.assign(text_, at_, end - at_);
      at_ = end + 1;
      return true;
    }
    if (!more_) break;
    text_.erase(0, at_);
    at_ = 0;
    const auto more = next_part_(text_);
    if (!more) return std::unexpected(more.error());
    more_ = *more;
  }
  line_.assign(text_, at_);
  at_ = text_.size();
  return !line_.empty();
}

store::Result<std::optional<simdjson::dom::object>> RecordSource::next() {
  for (;;) {
    const auto got = next_line();
    if (!got) return std::unexpected(got.error());
    if (!*got) return std::nullopt;
    // The others are the brackets of the array.
    if (!line_.starts_with('{')) continue;
    if (line_.ends_with(',')) line_.pop_back();
    line_.reserve(line_.size() + simdjson::SIMDJSON_PADDING);
    const auto root = parser_.parse(line_);
    if (root && root->is_object()) return root->get_object().value_unsafe();
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "a record is no JSON"});
  }
}

}  // namespace tideway::exports

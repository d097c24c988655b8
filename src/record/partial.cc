// The body is read as any other. While that finds errors, the elements that they point to are
// blanked out and it is read again: once for what cannot be parsed, once for what is not valid. So
// errors are those of the whole body, and a body without any costs nothing more.
#include "record/partial.h"

#include <charconv>
#include <map>
#include <string_view>

#include "record/report.h"

namespace tideway::record {
namespace {

constexpr std::string_view kBlank = "null";  // which is skipped

using Rejected = std::map<size_t, Errors>;

/// The element that an error is about: errors of records point to "/<index>…".
size_t index_of(const Error& error) {
  size_t index = 0;
  const std::string& pointer = error.pointer;
  if (pointer.size() > 1)
    std::from_chars(pointer.data() + 1, pointer.data() + pointer.size(), index);
  return index;
}

/// One element after the other of a JSON array that has been parsed without an error.
class Elements {
 public:
  explicit Elements(std::string_view array) : rest_(array.substr(array.find('[') + 1)) {}

  /// The text up to the next comma or the end of the array, which is left in `rest()`.
  std::string_view next() {
    size_t at = 0;
    int depth = 0;
    for (bool in_string = false; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (in_string) {
        if (c == '\\') ++at;
        if (c == '"') in_string = false;
        continue;
      }
      if (depth == 0 && (c == ',' || c == ']')) break;
      if (c == '"') in_string = true;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
    }
    const std::string_view element = rest_.substr(0, at);
    rest_.remove_prefix(at);
    return element;
  }

  bool at_end() const { return rest_.empty() || rest_.front() == ']'; }
  void skip_comma() { rest_.remove_prefix(1); }

 private:
  std::string_view rest_;
};

std::string without(std::string_view body, const Rejected& rejected) {
  std::string out = "[";
  out.reserve(body.size() + kBlank.size());
  Elements elements(body);
  for (size_t index = 0;; ++index) {
    const std::string_view element = elements.next();
    out += rejected.contains(index) ? kBlank : element;
    if (elements.at_end()) return out += ']';
    elements.skip_comma();
    out += ',';
  }
}

}  // namespace

std::expected<PartialBatch, Refusal> read_partially(Reader& reader, const std::string& body,
                                                    const ReadOptions& options) {
  Rejected rejected;
  size_t error_count = 0;
  auto batch = reader.read(body, options);
  while (!batch) {
    Refusal& refusal = batch.error();
    error_count += refusal.errors.size();
    if (refusal.kind != Refusal::Kind::kInvalid || error_count >= kErrorsMax) {
      return std::unexpected(std::move(refusal));
    }
    const size_t before = rejected.size();
    for (Error& error : refusal.errors) rejected[index_of(error)].push_back(std::move(error));
    // Each time something goes, so this ends.
    if (rejected.size() == before) return std::unexpected(Refusal{Refusal::Kind::kMalformed, {}});
    batch = reader.read(without(body, rejected), options);
  }
  PartialBatch out{.batch = std::move(*batch), .rejected = {}};
  for (auto& [index, errors] : rejected) out.rejected.push_back({index, std::move(errors)});
  return out;
}

}  // namespace tideway::record

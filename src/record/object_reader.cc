#include "record/object_reader.h"

#include "record/parse.h"
#include "record/validate.h"

namespace tideway::record {

std::expected<ObjectValue, Refusal> ObjectReader::read(const std::string& body,
                                                       const Object& object) {
  report_.clear();
  arena_.clear();
  std::optional<json::Element> root = parser_.parse(body);
  if (root && root->is_null()) root = parser_.parse("{}");
  if (!root || !root->is_object()) {
    return std::unexpected(Refusal{Refusal::Kind::kMalformed, {}});
  }
  const Path path;
  Parsing parsing{arena_, orders_, report_};
  const ObjectValue value = parse_object(object, root->get_object().value_unsafe(), path, parsing);
  if (report_.empty()) validate_record(value, path, report_);
  if (!report_.empty()) {
    return std::unexpected(Refusal{Refusal::Kind::kInvalid, std::move(report_.errors())});
  }
  return value;
}

}  // namespace tideway::record

#include "record/batch.h"

#include "json/member.h"
#include "record/parse.h"
#include "record/record_types.h"
#include "record/schema/base.h"
#include "record/validate.h"
#include "record/write.h"

namespace tideway::record {
namespace {

std::string_view text_of(const Value* value) {
  return value == nullptr ? std::string_view() : value->text;
}

std::string_view sub_type_of(const ObjectValue& record) {
  const int found = record.object->sub_type();
  if (found < 0) return {};
  const auto at = static_cast<size_t>(found);
  if (contains(record.object->constants(), at)) return record.object->fields()[at].constant();
  return contains(record.present, at) ? record.fields[at].text : std::string_view();
}

/// Whether an app's payload says that the data come from a Medtronic pump.
bool names_medtronic(std::string_view payload) {
  const auto device = json::find_member(json::members_of(payload), "device");
  if (!device) return false;
  const auto manufacturer = json::find_member(json::members_of(*device), "manufacturer");
  return manufacturer == "\"Medtronic\"";
}

/// Fills in everything of a Record but its texts.
void set_header(Record& header, const ObjectValue& record) {
  const auto text = [&](size_t at) { return record.fields[at].text; };  // empty when absent
  header.time_ms = record.fields[base_field::kTime].time.milliseconds();
  header.type = record.object->fields()[base_field::kType].constant();
  header.sub_type = sub_type_of(record);
  header.device_id = text(base_field::kDeviceId);
  header.id = text(base_field::kId);
  header.is_carelink = !text(base_field::kSource).empty();
  const Value& origin = record.fields[base_field::kOrigin];
  if (origin.present) {
    header.origin_id = text_of(origin.object().find("id"));
    header.origin_time = text_of(origin.object().find("time"));
    header.is_medtronic_origin = names_medtronic(text_of(origin.object().find("payload")));
  }
}

}  // namespace

void Reader::Output::clear() {
  records.clear();
  text.clear();
  identity.clear();
}

void Reader::Output::make_views() {
  const char* text_at = text.view().data();
  const char* identity_at = identity.view().data();
  for (Record& record : records) {
    record.text = {text_at, record.text.size()};
    record.identity = {identity_at, record.identity.size()};
    text_at += record.text.size();
    identity_at += record.identity.size();
  }
}

std::string_view Reader::extract(const ObjectValue& record) {
  write(record, extracted_);
  Record& written = extracted_.records.back();
  // The record that held it needs the id now, so it is made here and not derived later.
  if (written.id.empty()) written.id = extracted_ids_.emplace_back(ids_.next());
  return written.id;
}

void Reader::write(const ObjectValue& record, Output& output) {
  const size_t text_begin = output.text.size();
  const size_t identity_begin = output.identity.size();
  const Written written = write_record(output.text, record, *this);
  Record& header = output.records.emplace_back();
  if (options_.with_identity) {
    header.identity_is_in_text = append_identity(output.identity, record, written);
  }
  set_header(header, record);
  header.segment_sizes = written.segment_sizes;
  // Only the sizes are final, see make_views().
  header.text = output.text.view().substr(text_begin);
  header.identity = output.identity.view().substr(identity_begin);
}

void Reader::require_device_id(const ObjectValue& record, const Path& path) {
  if (!record.fields[base_field::kDeviceId].present) {
    validate_report_.not_exists(Path(path, "deviceId"));
  }
  const std::vector<Field>& fields = record.object->fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind() != Kind::kRecord || !record.fields[i].present) continue;
    require_device_id(record.fields[i].object(), Path(path, fields[i].name()));
  }
}

std::optional<ObjectValue> Reader::parse_record(simdjson::dom::object members, const Path& path,
                                                Parsing& parsing) {
  const auto set_type = [&](const Object& type) {
    parse_report_.set_meta(type.constants_json());
    validate_report_.set_meta(type.constants_json());
  };
  if (const Object* const guessed = guess(record_types(), members)) {
    set_type(*guessed);
    auto record = parse_guessed(*guessed, members, path, parsing);
    if (record) return record;
    parse_report_.set_meta({});
  }
  const Object* const type = choose(record_types(), members, path, parse_report_);
  if (type == nullptr) return std::nullopt;
  set_type(*type);
  return parse_object(*type, members, path, parsing);
}

void Reader::read_element(json::Element element, size_t index) {
  const Path root;
  const Path path(root, index);
  parse_report_.set_meta({});
  if (!element.is_object()) {
    parse_report_.type_is_not(path, "object", element);
    return;
  }
  const simdjson::dom::object members = element.get_object().value_unsafe();
  arena_.clear();
  Parsing parsing{arena_, orders_, parse_report_};
  const auto parsed = parse_record(members, path, parsing);
  if (!parsed) return;
  const ObjectValue& record = *parsed;
  // Parse errors hide all others, so after one nothing else needs to be found out.
  if (parse_report_.empty()) {
    validate_record(record, path, validate_report_);
    if (options_.requires_device_id) require_device_id(record, path);
  }
  if (has_errors()) return;
  const size_t before = posted_.text.size() + extracted_.text.size();
  write(record, posted_);
  const size_t size = posted_.text.size() + extracted_.text.size() - before;
  if (size > kRecordTextBytesMax) validate_report_.bad_size(path, size, kRecordTextBytesMax);
}

std::expected<Batch, Refusal> Reader::read(const std::string& body, const ReadOptions& options) {
  options_ = options;
  parse_report_.clear();
  validate_report_.clear();
  posted_.clear();
  extracted_.clear();
  extracted_ids_.clear();

  const std::optional<json::Element> root = parser_.parse(body);
  if (!root || !(root->is_array() || root->is_null())) {
    return std::unexpected(Refusal{Refusal::Kind::kMalformed, {}});
  }
  Batch batch;
  if (root->is_null()) return batch;
  const simdjson::dom::array elements = root->get_array().value_unsafe();
  const size_t size = json::size(elements);
  if (size > kBatchRecordsMax) return std::unexpected(Refusal{Refusal::Kind::kTooLarge, {}});
  posted_.records.reserve(size);
  size_t index = 0;
  for (const json::Element element : elements) {
    if (!element.is_null()) read_element(element, index);
    ++index;
  }
  if (has_errors()) {
    Report& first = parse_report_.empty() ? validate_report_ : parse_report_;
    return std::unexpected(Refusal{Refusal::Kind::kInvalid, std::move(first.errors())});
  }
  posted_.make_views();
  extracted_.make_views();
  batch.records = std::move(posted_.records);
  batch.records.insert(batch.records.end(), extracted_.records.begin(), extracted_.records.end());
  return batch;
}

}  // namespace tideway::record

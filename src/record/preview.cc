#include "record/preview.h"

#include <fmt/format.h>

#include <array>

namespace tideway::record {
namespace {

/// Ids that the server would make are shown by the place of their record.
std::string shown_id(const Record& record, size_t index) {
  return record.id.empty() ? fmt::format("<generated:{}>", index) : std::string(record.id);
}

void append_record(std::string& out, const Record& record, size_t index) {
  const auto& sizes = record.segment_sizes;
  const size_t rest = sizes[0] + sizes[1] + sizes[2];
  out += '{';
  out += record.text.substr(0, sizes[0]);
  out += fmt::format(R"("id":"{}",)", shown_id(record, index));  // has nothing to escape
  std::string_view middle = record.text.substr(sizes[0], rest - sizes[0]);
  middle.remove_suffix(1);  // the comma in front of the upload id
  out += middle;
  out += record.text.substr(rest);
  out += '}';
}

void append_identity(std::string& out, const Record& record, const PreviewOptions& options) {
  const auto hash = [&](std::string_view key) -> std::string {
    if (key.empty()) return "null";
    return '"' + to_base64(identity_hash(options.user_id, key, record.identity)) + '"';
  };
  out += fmt::format(R"({{"device-id":{},"data-set-id":{}}})", hash(record.device_id),
                     hash(options.upload_id));
}

Preview refused(const Refusal& refusal) {
  Preview result;
  result.status = refusal.kind == Refusal::Kind::kTooLarge ? 413 : 400;
  switch (refusal.kind) {
    case Refusal::Kind::kMalformed:
      result.body =
          R"({"errors":[{"code":"json-malformed","title":"json is malformed","detail":"JSON is malformed","status":"400"}]})";
      break;
    case Refusal::Kind::kTooLarge:
      result.body = error_body(std::array{make_error("resource-too-large", "resource too large")});
      break;
    case Refusal::Kind::kInvalid:
      result.body = error_body(refusal.errors);
      break;
  }
  if (result.body.ends_with('\n')) result.body.pop_back();
  return result;
}

}  // namespace

Preview preview(Reader& reader, const std::string& body, const PreviewOptions& options) {
  const auto batch = reader.read(body, {.with_identity = true});
  if (!batch) return refused(batch.error());
  Preview result;
  result.records = result.identity = "[";
  for (size_t i = 0; i < batch->records.size(); ++i) {
    if (i > 0) {
      result.records += ',';
      result.identity += ',';
    }
    append_record(result.records, batch->records[i], i);
    append_identity(result.identity, batch->records[i], options);
  }
  result.records += ']';
  result.identity += ']';
  return result;
}

}  // namespace tideway::record

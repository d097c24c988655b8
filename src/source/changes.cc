#include "source/changes.h"

#include <array>

#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "json/canonical.h"
#include "json/document.h"
#include "record/object_reader.h"
#include "record/schema.h"
#include "record/write.h"

namespace tideway::source {
namespace {

using record::ObjectValue;
using record::Path;
using record::Refusal;
using record::Report;
using record::Value;
using State = DataSource::State;

constexpr int kNameBytesMax = 100;
constexpr int64_t kFutureMs = 1000;

const record::Object& new_source() {
  static const record::Object object =
      record::Object{
          record::string("providerType").required().one_of({"oauth"}),
          record::string("providerName").required().not_empty().bytes_max(kNameBytesMax),
          record::string("providerExternalId").not_empty().bytes_max(kNameBytesMax),
          record::metadata("metadata"),
      }
          .strict();
  return object;
}

const record::Object& source_changes() {
  static const record::Object object =
      record::Object{
          record::string("providerSessionId").data_id(),
          record::string("providerExternalId").not_empty().bytes_max(kNameBytesMax),
          record::string("state").one_of({"connected", "disconnected", "error"}),
          record::metadata("metadata"),
          record::string("dataSetId").not_empty(),
          record::strings("dataSetIds").not_with("dataSetId").not_empty().each_not_empty().unique(),
          record::instant("earliestDataTime").not_empty(),
          record::instant("latestDataTime").not_empty().not_before("earliestDataTime"),
          record::instant("lastImportTime").not_empty(),
      }
          .strict();
  return object;
}

std::optional<std::string> text(const ObjectValue& body, std::string_view name) {
  const Value* const value = body.find(name);
  return value == nullptr ? std::nullopt : std::optional(std::string(value->text));
}

/// The text of a member as it is written.
std::optional<std::string> json(const ObjectValue& body, std::string_view name) {
  const int at = body.object->find(name);
  if (body.find(name) == nullptr) return std::nullopt;
  std::string out;
  record::write_field(out, body, static_cast<size_t>(at));
  return out;
}

/// Not in the future, but for clocks that do not agree.
std::optional<int64_t> past(const ObjectValue& body, std::string_view name, int64_t now_ms,
                            Report& report) {
  const Value* const value = body.find(name);
  if (value == nullptr) return std::nullopt;
  const Path root;
  if (value->time.milliseconds() > now_ms + kFutureMs) {
    report.not_valid(Path(root, name), format_time(value->time), "as time in the past");
  }
  return value->time.milliseconds();
}

/// A session exactly while connected.
void check_session(const Changes& changes, Report& report) {
  const Path root;
  const Path at(root, "providerSessionId");
  const bool connects = changes.state == State::kConnected;
  if (connects && !changes.provider_session_id) report.not_exists(at);
  if (!connects && changes.provider_session_id) report.exists(at);
}

void read_data_set(const ObjectValue& body, Changes& changes, Report& report) {
  const Path root;
  changes.data_set_id = text(body, "dataSetId");
  if (changes.data_set_id && !is_data_set_id(*changes.data_set_id)) {
    report.not_valid(Path(root, "dataSetId"), *changes.data_set_id, "as data set id");
  }
  const Value* const ids = body.find("dataSetIds");
  if (ids == nullptr) return;
  const Path list(root, "dataSetIds");
  for (size_t i = 0; i < ids->items.size(); ++i) {
    const std::string_view id = ids->items[i].text;
    if (!is_data_set_id(id)) report.not_valid(Path(list, i), id, "as data set id");
  }
  changes.data_set_id = ids->items[0].text;
}

/// The body without the member `error`, which may be of three kinds, and so is read here.
struct TakenApart {
  std::string rest;
  std::optional<std::string> error;
};

std::expected<TakenApart, Refusal> take_error(const std::string& body) {
  json::Parser parser;
  const auto root = parser.parse(body);
  if (!root || !(root->is_object() || root->is_null())) {
    return std::unexpected(Refusal{Refusal::Kind::kMalformed, {}});
  }
  json::Element error;
  if (!root->is_object() || (*root)["error"].get(error) != simdjson::SUCCESS) {
    return TakenApart{.rest = body, .error = {}};
  }
  TakenApart out{.rest = "{", .error = {}};
  const simdjson::dom::object members = root->get_object().value_unsafe();
  for (const auto& [name, value] : members) {
    if (name == "error") continue;
    if (out.rest.size() > 1) out.rest += ',';
    append_json_string(out.rest, name);
    out.rest += ':';
    json::append_canonical(out.rest, value);
  }
  out.rest += '}';
  if (error.is_null()) return out;
  if (!error.is_object() && !error.is_array() && !error.is_string()) {
    Report report;
    const Path path;
    report.type_is_not(Path(path, "error"), "object", error);
    return std::unexpected(Refusal{Refusal::Kind::kInvalid, std::move(report.errors())});
  }
  json::append_canonical(out.error.emplace(), error);
  return out;
}

}  // namespace

std::expected<DataSource, Refusal> read_new_source(const std::string& body) {
  record::ObjectReader reader;
  const auto object = reader.read(body, new_source());
  if (!object) return std::unexpected(object.error());
  DataSource source;
  source.provider_type = text(*object, "providerType").value_or("");
  source.provider_name = text(*object, "providerName").value_or("");
  source.provider_external_id = text(*object, "providerExternalId").value_or("");
  source.metadata = json(*object, "metadata").value_or("");
  return source;
}

std::expected<Changes, Refusal> read_changes(const std::string& body, int64_t now_ms) {
  auto taken = take_error(body);
  if (!taken) return std::unexpected(std::move(taken.error()));
  record::ObjectReader reader;
  const auto object = reader.read(taken->rest, source_changes());
  if (!object) return std::unexpected(object.error());
  Changes changes;
  Report report;
  changes.provider_session_id = text(*object, "providerSessionId");
  changes.provider_external_id = text(*object, "providerExternalId");
  if (const auto name = text(*object, "state")) changes.state = find_state(*name);
  changes.metadata = json(*object, "metadata");
  changes.error = std::move(taken->error);
  check_session(changes, report);
  read_data_set(*object, changes, report);
  changes.earliest_data_ms = past(*object, "earliestDataTime", now_ms, report);
  changes.latest_data_ms = past(*object, "latestDataTime", now_ms, report);
  changes.last_import_ms = past(*object, "lastImportTime", now_ms, report);
  if (!report.empty()) {
    return std::unexpected(Refusal{Refusal::Kind::kInvalid, std::move(report.errors())});
  }
  return changes;
}

void apply(const Changes& changes, DataSource& source) {
  if (changes.state) {
    source.state = *changes.state;
    if (source.state == State::kDisconnected) source.provider_session_id.clear();
    if (source.state != State::kError) source.error.clear();
  }
  if (changes.error) source.error = *changes.error;
  if (changes.provider_session_id) source.provider_session_id = *changes.provider_session_id;
  if (changes.provider_external_id) source.provider_external_id = *changes.provider_external_id;
  if (changes.metadata) source.metadata = *changes.metadata;
  if (changes.data_set_id) source.data_set_id = *changes.data_set_id;
  if (changes.earliest_data_ms) source.earliest_data_ms = changes.earliest_data_ms;
  if (changes.latest_data_ms) source.latest_data_ms = changes.latest_data_ms;
  if (changes.last_import_ms) source.last_import_ms = changes.last_import_ms;
}

}  // namespace tideway::source

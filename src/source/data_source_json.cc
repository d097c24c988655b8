// What clients see of a data source.
#include <array>

#include "base/text.h"
#include "base/time.h"
#include "json/canonical.h"
#include "json/document.h"
#include "source/data_source.h"

namespace tideway::source {
namespace {

constexpr std::array<std::string_view, 3> kStates = {"disconnected", "connected", "error"};
constexpr std::array<std::string_view, 5> kShownOfErrors = {"code", "title", "detail", "source",
                                                            "meta"};
constexpr int kCausesMax = 100;  // a chain of them is followed so far

class Writer {
 public:
  void raw(std::string_view name, std::string_view json) {
    if (json.empty()) return;
    out_ += out_.empty() ? '{' : ',';
    append_json_string(out_, name);
    out_.append(":").append(json);
  }
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    std::string json;
    append_json_string(json, value);
    raw(name, json);
  }
  void time(std::string_view name, std::optional<int64_t> milliseconds) {
    if (milliseconds) raw(name, '"' + format_utc_milliseconds(*milliseconds) + '"');
  }
  std::string object() && { return std::move(out_) + '}'; }

 private:
  std::string out_;
};

std::string_view text_at(json::Element object, std::string_view name) {
  std::string_view text;
  return object[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

json::Element innermost_cause(json::Element error) {
  json::Element cause;
  for (int i = 0; i < kCausesMax && error["cause"].get(cause) == simdjson::SUCCESS; ++i) {
    if (!cause.is_object()) break;
    error = cause;
  }
  return error;
}

/// That a login is needed again hides behind whatever failed because of it.
void append_shown(std::string& out, json::Element error) {
  if (error.is_array()) {
    out += '[';
    const simdjson::dom::array items = error.get_array().value_unsafe();
    for (const json::Element item : items) {
      if (out.back() != '[') out += ',';
      append_shown(out, item);
    }
    out += ']';
    return;
  }
  if (!error.is_object()) return json::append_canonical(out, error);
  const json::Element cause = innermost_cause(error);
  if (text_at(cause, "code") == "unauthenticated") error = cause;
  Writer shown;
  for (const std::string_view name : kShownOfErrors) {
    json::Element member;
    if (error[name].get(member) != simdjson::SUCCESS) continue;
    std::string json;
    json::append_canonical(json, member);
    shown.raw(name, json);
  }
  const std::string object = std::move(shown).object();
  out += object == "}" ? "{}" : object;
}

std::string shown_error(const std::string& error) {
  json::Parser parser;
  const auto parsed = parser.parse(error);
  std::string out;
  if (parsed) append_shown(out, *parsed);
  return out;
}

std::string object_of(const DataSource& source, bool to_user) {
  Writer out;
  out.text("id", source.id);
  out.text("userId", source.user_id);
  out.text("providerType", source.provider_type);
  out.text("providerName", source.provider_name);
  if (!to_user) out.text("providerSessionId", source.provider_session_id);
  out.text("providerExternalId", source.provider_external_id);
  out.text("state", name_of(source.state));
  out.raw("metadata", source.metadata);
  out.raw("error", to_user ? shown_error(source.error) : source.error);
  out.text("dataSetId", source.data_set_id);
  out.time("earliestDataTime", source.earliest_data_ms);
  out.time("latestDataTime", source.latest_data_ms);
  out.time("lastImportTime", source.last_import_ms);
  out.time("createdTime", source.created_ms);
  out.time("modifiedTime", source.modified_ms);
  out.raw("revision", std::to_string(source.revision));
  return std::move(out).object();
}

}  // namespace

std::string_view name_of(DataSource::State state) { return kStates[static_cast<size_t>(state)]; }

std::optional<DataSource::State> find_state(std::string_view name) {
  for (size_t i = 0; i < kStates.size(); ++i) {
    if (name == kStates[i]) return static_cast<DataSource::State>(i);
  }
  return std::nullopt;
}

std::string DataSource::json() const { return object_of(*this, false); }

std::string DataSource::user_json() const { return object_of(*this, true); }

}  // namespace tideway::source

#include "dataset/stored_origin.h"

#include "json/document.h"

namespace tideway::dataset {
namespace {

std::string_view text_at(json::Element object, std::string_view name) {
  std::string_view text;
  return object[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

}  // namespace

StoredOrigin stored_origin(const store::BlockRecord& record) {
  // Most records have none, which needs no parsing to see.
  if (!record.text.contains("\"origin\":")) return {};
  const size_t rest_at = record.text.size() - record.segment_sizes[3];
  // The server's own members are cut out of the text; one in its place makes it whole.
  std::string json = "{";
  json.append(record.text.substr(0, rest_at)).append("\"uploadId\":0");
  json.append(record.text.substr(rest_at)).append("}");
  json::Parser parser;
  const auto object = parser.parse(json);
  json::Element origin;
  if (!object || (*object)["origin"].get(origin) != simdjson::SUCCESS) return {};
  return {std::string(text_at(origin, "id")), parse_instant(text_at(origin, "time"))};
}

}  // namespace tideway::dataset

#include "api/export.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "api/credentials.h"
#include "api/export_streams.h"
#include "api/platform.h"
#include "query/parameters.h"
#include "server/query.h"

namespace tideway::api {
namespace {

using exports::Unit;
using server::Request;
using server::Response;

/// Of the dosing decisions those that led to a bolus, as the web application asks for them.
constexpr std::string_view kReasons = "normalBolus,simpleBolus,watchBolus,oneButtonBolus";

Response text_reply(uint16_t status, std::string text) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(text);
  return response;
}

Response failed(const Request& request, std::string_view reason) {
  spdlog::error("trace {}: export: {}", request.trace_request, reason);
  return text_reply(500, "The server failed to export the data. Please try again.");
}

Response not_allowed(const Identity& caller) {
  // As GET /data: a client that is told 401 renews its login.
  const bool anonymous = caller.kind == Identity::Kind::kAnonymous;
  return text_reply(anonymous ? 401 : 403, "Not authorized to export data for this user.");
}

Response file(std::string_view name, std::string_view media_type) {
  Response response;
  response.headers.set("Content-Type", media_type);
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", name));
  return response;
}

/// In the spellings that records may use. The reference puts any other text beside unconverted
/// values; a reading with the wrong unit is dangerous.
std::optional<Unit> read_unit(const server::Query& query) {
  const std::string_view text = query.first("bgUnits").value_or("");
  if (text.empty() || text == "mmol/L" || text == "mmol/l") return Unit::kMmolL;
  if (text == "mg/dL" || text == "mg/dl") return Unit::kMgDl;
  return std::nullopt;
}

server::Route route(std::string pattern, std::function<Response(const Request&)> handle) {
  return {.method = "GET",
          .pattern = std::move(pattern),
          .family = server::Family::kWhisperer,
          .dataservices = true,
          .body_size_bytes_max = kNoBodyBytesMax,
          .handle = std::move(handle)};
}

/// The text of a fetch; it owns the fetch.
exports::RecordSource source_of(std::unique_ptr<query::Fetch> fetch) {
  return exports::RecordSource([fetch = std::shared_ptr<query::Fetch>(std::move(fetch))](
                                   std::string& out) { return fetch->next(out); });
}

}  // namespace

ExportApi::ExportApi(store::Store& store, const dataset::DataSets& data_sets,
                     const Platform& platform, const Access& access,
                     exports::Spreadsheets& spreadsheets)
    : store_(store),
      data_sets_(data_sets),
      platform_(platform),
      access_(access),
      spreadsheets_(spreadsheets) {}

std::vector<server::Route> ExportApi::routes() {
  return {route("/export/status", [](const Request&) { return text_reply(200, "OK\n"); }),
          route("/export/{userId}", std::bind_front(&ExportApi::export_data, this))};
}

/// The fetch that GET /data would answer, if the caller may see it.
std::expected<std::unique_ptr<query::Fetch>, Response> ExportApi::open_fetch(
    const Request& request) {
  const std::string& user_id = request.variables[0];
  std::vector<query::Parameter> parameters = {{"dosingDecision.reason", std::string(kReasons)}};
  const server::Query query = server::parse_query_lenient(request.query);
  for (const std::string_view name : {"startDate", "endDate"}) {
    const auto value = query.first(name);
    if (value) parameters.emplace_back(name, *value);
  }
  auto filter = query::read_filter(parameters);
  if (!filter) {
    return std::unexpected(
        text_reply(400, "startDate and endDate must be times such as 2024-05-01T00:00:00Z."));
  }
  // A restricted token that is good for the data is good for its export.
  Request of_data;
  of_data.path = "/data/" + user_id;
  of_data.query = request.query;
  of_data.headers = request.headers;
  of_data.notes = request.notes;
  const Identity caller = platform_.reader(of_data);
  const auto may = access_.may_view(caller, user_id);
  if (!may) return std::unexpected(failed(request, may.error().message));
  if (!*may) return std::unexpected(not_allowed(caller));
  auto fetch = query::Fetch::open(store_, user_id, *std::move(filter), data_sets_.id_cipher());
  if (!fetch) return std::unexpected(failed(request, fetch.error().message));
  return std::move(*fetch);
}

Response ExportApi::export_data(const Request& request) {
  const server::Query query = server::parse_query_lenient(request.query);
  const auto unit = read_unit(query);
  if (!unit) return text_reply(400, "bgUnits must be mmol/L or mg/dL.");
  auto fetch = open_fetch(request);
  if (!fetch) return std::move(fetch.error());
  exports::RecordSource source = source_of(*std::move(fetch));
  const std::string_view format = query.first("format").value_or("");
  if (format == "json") return text(request, std::move(source), *unit, true);
  if (format == "csv") return text(request, std::move(source), *unit, false);
  return spreadsheet(request, std::move(source), *unit);
}

Response ExportApi::text(const Request& request, exports::RecordSource source, Unit unit,
                         bool is_json) {
  using exports::TextForm;
  auto text = std::make_unique<exports::TextExport>(std::move(source), unit,
                                                    is_json ? TextForm::kJson : TextForm::kCsv);
  // The status is sent only once the first records have been read.
  std::string first;
  const auto more = text->next(first);
  if (!more) return failed(request, more.error().message);
  Response response = is_json ? file("TidepoolExport.json", "application/json; charset=utf-8")
                              : file("TidepoolExport.csv", "text/csv; charset=utf-8");
  if (*more) {
    response.stream = std::make_unique<TextExportStream>(std::move(text), std::move(first),
                                                         request.trace_request);
  } else {
    response.body = std::move(first);
  }
  return response;
}

Response ExportApi::spreadsheet(const Request& request, exports::RecordSource source, Unit unit) {
  auto made = spreadsheets_.make(std::move(source), unit);
  if (made) {
    Response response = file("TidepoolExport.xlsx",
                             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    response.stream = std::make_unique<FileStream>(*std::move(made), request.trace_request);
    response.compressible = false;  // it is a ZIP archive
    return response;
  }
  using Kind = exports::SpreadsheetError::Kind;
  switch (made.error().kind) {
    case Kind::kTooLarge:
      return text_reply(413,
                        "This is too much for a spreadsheet. Choose a shorter time, or another "
                        "format (format=csv, format=json).");
    case Kind::kBusy: {
      Response response = text_reply(503, "Other exports are being made. Please try again.");
      response.headers.set("Retry-After", "5");
      return response;
    }
    case Kind::kFailed:
      break;
  }
  return failed(request, made.error().message);
}

}  // namespace tideway::api

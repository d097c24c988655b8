// Looking at data sets (docs/spec/datasets.md 7, 8).
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "api/data_set_replies.h"
#include "api/data_sets.h"
#include "api/query_parameters.h"
#include "base/time.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using dataset::SetFilter;
using dataset::StepError;
using server::Request;
using server::Response;

constexpr int64_t kPageSize = 100;
constexpr int64_t kPageSizeMax = 1000;

Response bare(std::string json) { return server::json_reply(200, std::move(json) + '\n'); }

/// The failures of routes whose errors are all bare.
Response failed_bare(const Request& request, const StepError& error) {
  if (error.kind == StepError::Kind::kNotFound) {
    return server::bare_error(
        404, make_error("resource-not-found", "resource not found",
                        fmt::format("resource with id \"{}\" not found", request.variables[0])));
  }
  spdlog::error("trace {}: {}", request.trace_request, error.store.message);
  return server::bare_error(500, make_error("internal-server-error", "internal server error"));
}

/// In the order in which errors are reported.
dataset::Page read_page(QueryParameters& parameters) {
  dataset::Page page;
  page.number = parameters.integer("page", 0, 0);
  page.size = parameters.integer("size", kPageSize, 1, kPageSizeMax);
  return page;
}

}  // namespace

Response DataSetsApi::list_bare(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) {
    return server::bare_error(400, make_error("parameter-missing", "parameter is missing",
                                              "parameter \"userId\" is missing"));
  }
  const auto may = access_.may_list(caller, user_id);
  if (!may) return failed_bare(request, {StepError::Kind::kStore, may.error()});
  if (!*may) return unauthorized_bare();
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  SetFilter filter;
  filter.client_name = parameters->text("client.name");
  filter.with_deleted = parameters->flag("deleted");
  filter.device_id = parameters->text("deviceId");
  const dataset::Page page = read_page(*parameters);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  const auto sets = data_sets_.list(user_id, filter, page);
  if (!sets) return failed_bare(request, sets.error());
  return bare(sets_json(*sets));
}

Response DataSetsApi::list_wrapped(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) return no_user_id(request);
  if (auto no = denied(request, access_.may_view(caller, user_id))) return std::move(*no);
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  SetFilter filter;
  filter.with_deleted = parameters->flag("deleted");
  const dataset::Page page = read_page(*parameters);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  const auto sets = data_sets_.list(user_id, filter, page);
  if (!sets) return failed(request, sets.error(), {});
  return server::envelope(request, 200, sets_json(*sets));
}

Response DataSetsApi::get(const Request& request, const Identity& caller) {
  const auto set = data_sets_.find(request.variables[0]);
  if (!set) return failed_bare(request, set.error());
  request.note_whose(set->user_id);
  // The owner alone: whoever else may see the account's data gets lists and records.
  const bool may = caller.kind == Identity::Kind::kService || caller.user_id == set->user_id;
  if (!may) return unauthorized_bare();
  return bare(set->json());
}

Response DataSetsApi::list_deleted(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) return no_user_id(request);
  if (auto no = denied(request, access_.may_list(caller, user_id))) return std::move(*no);
  const auto sets = data_sets_.list_deleted(user_id);
  if (!sets) return failed(request, sets.error(), {});
  std::string out = "[";
  for (const dataset::DataSet& set : *sets) {
    std::string json = set.json();
    json.pop_back();
    out += fmt::format("{}{},\"restorableUntil\":\"{}\"}}", out.size() > 1 ? "," : "", json,
                       format_utc_milliseconds(set.trash->time_ms + options_.trash_kept_ms));
  }
  return server::envelope(request, 200, out + ']');
}

}  // namespace tideway::api

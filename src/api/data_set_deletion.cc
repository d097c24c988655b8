// Deleting data sets, undoing it, and erasing for good (docs/spec/datasets.md 12, 13; the rest is
// not in the reference).
#include <fmt/format.h>

#include <numeric>

#include "api/data_set_replies.h"
#include "api/data_sets.h"
#include "api/query_parameters.h"
#include "base/time.h"
#include "json/document.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

/// A body of one member, the id of the user whose data is to go: nobody sends it by mistake.
bool confirms(const std::string& body, std::string_view user_id) {
  json::Parser parser;
  const auto root = parser.parse(body);
  std::string_view confirmed;
  return root && root->is_object() && (*root)["userId"].get(confirmed) == simdjson::SUCCESS &&
         confirmed == user_id;
}

Response done(const Request& request, const dataset::Step<void>& step, std::string_view data) {
  if (!step) return failed(request, step.error(), request.variables[0]);
  return server::envelope(request, 200, data);
}

}  // namespace

std::expected<dataset::DataSet, Response> DataSetsApi::deletable_set(const Request& request,
                                                                     const Identity& caller) {
  auto set = named_set(data_sets_, request);
  if (!set) return set;
  if (auto no = denied(request, access_.may_delete(caller, *set))) {
    return std::unexpected(std::move(*no));
  }
  return set;
}

Response DataSetsApi::remove_set(const Request& request, const Identity& caller) {
  auto set = deletable_set(request, caller);
  if (!set) return std::move(set.error());
  return done(request, data_sets_.remove_set(set->user_id, set->upload_id, now_milliseconds()),
              "{}");
}

Response DataSetsApi::restore(const Request& request, const Identity& caller) {
  auto set = deletable_set(request, caller);
  if (!set) return std::move(set.error());
  const auto restored = data_sets_.restore(set->user_id, set->upload_id, now_milliseconds());
  if (!restored) return failed(request, restored.error(), set->upload_id);
  return server::envelope(request, 200, restored->json());
}

Response DataSetsApi::remove_sets(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) return no_user_id(request);
  if (auto no = denied(request, access_.may_delete(caller, user_id))) return std::move(*no);
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  dataset::SetFilter filter;
  filter.client_name = parameters->text("client.name");
  filter.device_id = parameters->text("deviceId");
  filter.created_first_ms = parameters->time_ms("createdFrom");
  filter.created_last_ms = parameters->time_ms("createdTo");
  const bool dry_run = parameters->flag("dryRun");
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  if (filter.client_name.empty() && filter.device_id.empty() && !filter.created_first_ms &&
      !filter.created_last_ms) {
    return server::bare_error(
        400, make_error("parameter-missing", "parameter is missing",
                        "one of the parameters client.name, deviceId, createdFrom and createdTo "
                        "must say which data sets to delete"));
  }
  const auto sets = data_sets_.remove_sets(user_id, filter, dry_run, now_milliseconds());
  if (!sets) return failed(request, sets.error(), {});
  const uint64_t records =
      std::accumulate(sets->begin(), sets->end(), uint64_t{0},
                      [](uint64_t sum, const auto& set) { return sum + set.record_count; });
  return server::envelope(request, 200,
                          fmt::format(R"({{"dryRun":{},"recordsAdded":{},"dataSets":{}}})", dry_run,
                                      records, sets_json(*sets)));
}

Response DataSetsApi::remove_all_data(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) return no_user_id(request);
  if (caller.kind != Identity::Kind::kService) return unauthorized(request);
  return done(request, data_sets_.erase_all(user_id), "[]");
}

Response DataSetsApi::erase(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) return no_user_id(request);
  if (auto no = denied(request, access_.may_delete(caller, user_id))) return std::move(*no);
  if (!confirms(request.body, user_id)) {
    Error error = make_error("value-not-allowed", "value is not one of the allowed values",
                             "userId must be the id of the user whose data is to be erased");
    error.pointer = "/userId";
    return server::bare_error(400, error);
  }
  return done(request, data_sets_.erase_all(user_id), "{}");
}

}  // namespace tideway::api

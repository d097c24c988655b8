#include "api/data_sources.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "account/account_guard.h"
#include "api/query_parameters.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;
using source::DataSource;
using source::StepError;

constexpr size_t kNameBytesMax = 100;
constexpr int64_t kPageSize = 100;
constexpr int64_t kPageSizeMax = 1000;

bool is_service(const Identity& caller) { return caller.kind == Identity::Kind::kService; }

Response bare(uint16_t status, std::string json) {
  return server::json_reply(status, std::move(json) + '\n');
}

Response nothing(uint16_t status) {
  Response response;
  response.status = status;
  return response;
}

Error not_valid(std::string_view parameter, std::string_view value, std::string_view as_what) {
  Error error = make_error("value-not-valid", "value is not valid",
                           fmt::format("value {} is not valid as {}", quoted(value), as_what));
  error.parameter = parameter;
  return error;
}

/// What is wrong with the id in the path, in place of the reference's 500.
std::optional<Response> bad_user_id(const Request& request) {
  const std::string& id = request.variables[0];
  if (is_user_id(id)) return std::nullopt;
  return server::bare_error(400, not_valid("userId", id, "user id"));
}

std::optional<Response> bad_id(const Request& request, std::string_view name,
                               std::string_view as_what) {
  const std::string& id = request.variables[0];
  if (is_data_id(id)) return std::nullopt;
  return server::bare_error(400, not_valid(name, id, as_what));
}

Response conflict(std::string_view pointer) {
  Error error = make_error("value-duplicate", "value is a duplicate");
  error.pointer = pointer;
  return server::bare_error(409, error);
}

Response failed(const Request& request, const StepError& error,
                std::optional<uint64_t> revision = std::nullopt) {
  const std::string id = fmt::format("resource with id \"{}\"", request.variables[0]);
  switch (error.kind) {
    case StepError::Kind::kNotFound:
    case StepError::Kind::kWrongRevision: {
      // The revision that was asked for is not there, whether or not another is.
      const std::string what = revision ? fmt::format("revision {} of {}", *revision, id) : id;
      return server::bare_error(
          404, make_error("resource-not-found", "resource not found", what + " not found"));
    }
    case StepError::Kind::kConnected:
      return conflict("/state");
    case StepError::Kind::kSessionUsed:
      return conflict("/providerSessionId");
    case StepError::Kind::kTooMany:
      return server::bare_error(
          409, make_error("resource-too-many", "too many resources",
                          fmt::format("a user has {} data sources at most", source::kSourcesMax)));
    default:
      if (account::is_no_account(error.store)) {
        return server::bare_error(404, make_error("resource-not-found", "resource not found",
                                                  "there is no such account"));
      }
      spdlog::error("trace {}: {}", request.trace_request, error.store.message);
      return server::bare_error(500, make_error("internal-server-error", "internal server error"));
  }
}

Response refused(const Request& request, const record::Refusal& refusal) {
  if (refusal.kind == record::Refusal::Kind::kInvalid) {
    return server::bare_errors(400, refusal.errors);
  }
  const bool empty = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
  return server::bare_error(400, empty ? make_error("json-not-found", "json not found")
                                       : make_error("json-malformed", "json is malformed"));
}

/// `?revision=n`, the one parameter of the routes that change a source.
std::expected<std::optional<uint64_t>, Response> read_revision(const Request& request) {
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::unexpected(std::move(parameters.error()));
  const bool given = parameters->has("revision");
  const uint64_t revision = parameters->integer("revision", 0, 0);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return std::unexpected(server::bare_errors(400, errors));
  }
  return given ? std::optional(revision) : std::nullopt;
}

}  // namespace

DataSourcesApi::DataSourcesApi(source::DataSources& sources, const Platform& platform)
    : sources_(sources), platform_(platform) {}

std::vector<server::Route> DataSourcesApi::routes() {
  std::vector<server::Route> routes;
  const auto add = [&](std::string method, std::string pattern,
                       Response (DataSourcesApi::*handle)(const Request&, const Identity&)) {
    routes.push_back(platform_.route(std::move(method), std::move(pattern),
                                     Requirement::kAuthenticated, kNoBodyBytesMax,
                                     std::bind_front(handle, this)));
  };
  add("GET", "/v1/users/{userId}/data_sources", &DataSourcesApi::list);
  add("POST", "/v1/users/{userId}/data_sources", &DataSourcesApi::create);
  add("DELETE", "/v1/users/{userId}/data_sources", &DataSourcesApi::remove_all);
  add("GET", "/v1/data_sources/{id}", &DataSourcesApi::get);
  add("PUT", "/v1/data_sources/{id}", &DataSourcesApi::update);
  add("DELETE", "/v1/data_sources/{id}", &DataSourcesApi::remove);
  add("GET", "/v1/provider_sessions/{providerSessionId}/data_source",
      &DataSourcesApi::get_by_session);
  return routes;
}

/// Users see their own, whatever they may of others.
Response DataSourcesApi::list(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (!is_service(caller) && caller.user_id != user_id) return unauthorized_bare();
  if (auto bad = bad_user_id(request)) return std::move(*bad);
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  source::Filter filter;
  filter.provider_type = parameters->one_of("providerType", {"oauth"});
  filter.provider_name = parameters->text("providerName", kNameBytesMax);
  filter.provider_external_id = parameters->text("providerExternalId", kNameBytesMax);
  filter.state =
      source::find_state(parameters->one_of("state", {"connected", "disconnected", "error"}));
  const uint64_t page = parameters->integer("page", 0, 0);
  const uint64_t size = parameters->integer("size", kPageSize, 1, kPageSizeMax);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  const auto sources = sources_.list(user_id, filter);
  if (!sources) return failed(request, sources.error());
  std::string out = "[";
  // No page beyond the last source has any, and so nothing overflows.
  const size_t begin =
      page > sources->size() ? sources->size() : std::min<size_t>(sources->size(), page * size);
  for (size_t i = begin; i < std::min<size_t>(sources->size(), begin + size); ++i) {
    if (out.size() > 1) out += ',';
    out += is_service(caller) ? (*sources)[i].json() : (*sources)[i].user_json();
  }
  return bare(200, out + ']');
}

Response DataSourcesApi::create(const Request& request, const Identity& caller) {
  if (!is_service(caller)) return unauthorized_bare();
  if (auto bad = bad_user_id(request)) return std::move(*bad);
  auto body = source::read_new_source(request.body);
  if (!body) return refused(request, body.error());
  body->user_id = request.variables[0];
  const auto created = sources_.create(std::move(*body), now_milliseconds());
  if (!created) return failed(request, created.error());
  return bare(201, created->json());
}

Response DataSourcesApi::remove_all(const Request& request, const Identity& caller) {
  if (!is_service(caller)) return unauthorized_bare();
  if (auto bad = bad_user_id(request)) return std::move(*bad);
  const auto removed = sources_.remove_all(request.variables[0]);
  if (!removed) return failed(request, removed.error());
  return nothing(204);
}

Response DataSourcesApi::get(const Request& request, const Identity& caller) {
  if (auto bad = bad_id(request, "id", "data source id")) return std::move(*bad);
  const auto found = sources_.find(request.variables[0]);
  if (!found) return failed(request, found.error());
  if (is_service(caller)) return bare(200, found->json());
  if (caller.user_id != found->user_id) return unauthorized_bare();
  return bare(200, found->user_json());
}

Response DataSourcesApi::update(const Request& request, const Identity& caller) {
  if (!is_service(caller)) return unauthorized_bare();
  if (auto bad = bad_id(request, "id", "data source id")) return std::move(*bad);
  auto revision = read_revision(request);
  if (!revision) return std::move(revision.error());
  const auto changes = source::read_changes(request.body, now_milliseconds());
  if (!changes) return refused(request, changes.error());
  const auto updated =
      sources_.update(request.variables[0], *revision, *changes, now_milliseconds());
  if (!updated) return failed(request, updated.error(), *revision);
  return bare(200, updated->json());
}

Response DataSourcesApi::remove(const Request& request, const Identity& caller) {
  if (!is_service(caller)) return unauthorized_bare();
  if (auto bad = bad_id(request, "id", "data source id")) return std::move(*bad);
  auto revision = read_revision(request);
  if (!revision) return std::move(revision.error());
  const auto removed = sources_.remove(request.variables[0], *revision);
  if (!removed) return failed(request, removed.error(), *revision);
  return nothing(200);
}

Response DataSourcesApi::get_by_session(const Request& request, const Identity& caller) {
  if (!is_service(caller)) return unauthorized_bare();
  if (auto bad = bad_id(request, "providerSessionId", "provider session id")) {
    return std::move(*bad);
  }
  const auto found = sources_.find_by_session(request.variables[0]);
  if (!found) return failed(request, found.error());
  return bare(200, found->json());
}

}  // namespace tideway::api

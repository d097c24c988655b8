#include "api/data_sets.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <iterator>

#include "api/data_set_replies.h"
#include "api/provenance.h"
#include "base/error_list.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "dataset/chunk.h"
#include "dataset/new_data_set.h"
#include "dataset/selectors.h"
#include "record/object_reader.h"
#include "record/partial.h"
#include "record/schema/upload.h"
#include "server/field_text.h"
#include "server/query.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using dataset::DataSet;
using dataset::StepError;
using server::Request;
using server::Response;

/// A reader that keeps its memory from request to request, one per worker thread. After a large
/// body it is given back: 32 threads that each keep one would hold gigabytes.
template <class Reader>
class ThreadReader {
 public:
  explicit ThreadReader(const std::string& body) : is_large_(body.size() > kKeptBytesMax) {}
  ~ThreadReader() {
    if (is_large_) reader() = Reader();
  }

  static Reader& reader() {
    thread_local Reader kept;
    return kept;
  }

 private:
  static constexpr size_t kKeptBytesMax = 4 << 20;
  const bool is_large_;
};

/// By which a client says what is a retry and what is meant to be there twice.
std::string_view idempotency_key(const Request& request) {
  return request.headers.find("Idempotency-Key").value_or("");
}

/// Whether a comma list holds the preference; its parameters are ignored.
bool has_preference(std::string_view list, std::string_view preference) {
  while (true) {
    const size_t comma = list.find(',');
    std::string_view item = list.substr(0, comma);
    item = item.substr(0, item.find(';'));
    const size_t first = item.find_first_not_of(" \t");
    if (first != item.npos) {
      item = item.substr(first, item.find_last_not_of(" \t") - first + 1);
      if (server::equals_ignoring_case(item, preference)) return true;
    }
    if (comma == list.npos) return false;
    list.remove_prefix(comma + 1);
  }
}

/// Whether the good records of a body are to be stored without the bad ones: `?mode=partial`, or
/// RFC 7240's `Prefer: handling=lenient`.
std::expected<bool, Error> wants_partial(const Request& request) {
  const server::Query query = server::parse_query_lenient(request.query);
  if (const auto mode = query.first("mode")) {
    if (*mode == "partial") return true;
    Error error = make_error("value-not-allowed", "value is not one of the allowed values",
                             fmt::format("value {} is not one of [\"partial\"]", quoted(*mode)));
    error.parameter = "mode";
    return std::unexpected(std::move(error));
  }
  for (const auto& [name, value] : request.headers) {
    if (server::equals_ignoring_case(name, "Prefer") && has_preference(value, "handling=lenient")) {
      return true;
    }
  }
  return false;
}

/// A response that is not to be sent before the commit that it tells of is on disk.
Response once_kept(const std::shared_ptr<store::Commit>& commit, const Request& request,
                   Response response) {
  if (commit == nullptr) return response;
  response.when_kept = [commit, trace = request.trace_request](Response::Kept kept) {
    commit->then([kept = std::move(kept), trace](const store::Result<void>& result) mutable {
      if (!result) spdlog::error("trace {}: {}", trace, result.error().message);
      kept(result.has_value());
    });
  };
  return response;
}

/// The bodies of continuous sets are read by other rules than the rest: their errors are bare.
Response refused_update(const Request& request, const record::Refusal& refusal) {
  if (refusal.kind != record::Refusal::Kind::kMalformed) return refused(request, refusal);
  const bool empty = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
  return server::bare_error(400, empty ? make_error("json-not-found", "json not found")
                                       : make_error("json-malformed", "json is malformed"));
}

}  // namespace

DataSetsApi::DataSetsApi(dataset::DataSets& data_sets, const Platform& platform,
                         const Access& access, DataSetsOptions options)
    : data_sets_(data_sets), platform_(platform), access_(access), options_(options) {}

std::expected<DataSet, Response> DataSetsApi::uploadable_set(const Request& request,
                                                             const Identity& caller) {
  auto set = named_set(data_sets_, request);
  if (!set) return set;
  if (auto no = denied(request, access_.may_upload(caller, set->user_id))) {
    return std::unexpected(std::move(*no));
  }
  return set;
}

std::expected<DataSet, Response> DataSetsApi::open_set(const Request& request,
                                                       const Identity& caller) {
  auto set = uploadable_set(request, caller);
  if (set && set->is_closed()) {
    return std::unexpected(failed(request, {StepError::Kind::kClosed}, set->upload_id));
  }
  return set;
}

std::vector<server::Route> DataSetsApi::routes() {
  std::vector<server::Route> routes;
  const auto add = [&](std::string method, std::string pattern, uint64_t body_size_bytes_max,
                       Response (DataSetsApi::*handle)(const Request&, const Identity&)) {
    routes.push_back(platform_.route(std::move(method), std::move(pattern),
                                     Requirement::kAuthenticated, body_size_bytes_max,
                                     std::bind_front(handle, this)));
  };
  constexpr uint64_t kDataSetBytesMax = 1 << 20;
  // Clients use either spelling, some both in one upload.
  for (const std::string name : {"data_sets", "datasets"}) {
    const std::string set = "/v1/" + name + "/{dataSetId}";
    add("POST", "/v1/users/{userId}/" + name, kDataSetBytesMax, &DataSetsApi::create);
    add("POST", set + "/data", options_.body_size_bytes_max, &DataSetsApi::add_data);
    add("PUT", set, kDataSetBytesMax, &DataSetsApi::update);
    add("DELETE", set, kNoBodyBytesMax, &DataSetsApi::remove_set);
  }
  add("GET", "/v1/users/{userId}/data_sets", kNoBodyBytesMax, &DataSetsApi::list_bare);
  add("GET", "/v1/users/{userId}/datasets", kNoBodyBytesMax, &DataSetsApi::list_wrapped);
  add("GET", "/v1/data_sets/{dataSetId}", kNoBodyBytesMax, &DataSetsApi::get);
  add("DELETE", "/v1/data_sets/{dataSetId}/data", options_.body_size_bytes_max,
      &DataSetsApi::remove_data);
  add("DELETE", "/v1/users/{userId}/data", kNoBodyBytesMax, &DataSetsApi::remove_all_data);
  // Not in the reference.
  add("GET", "/v1/users/{userId}/deleted_data_sets", kNoBodyBytesMax, &DataSetsApi::list_deleted);
  add("POST", "/v1/data_sets/{dataSetId}/restore", kNoBodyBytesMax, &DataSetsApi::restore);
  add("DELETE", "/v1/users/{userId}/data_sets", kNoBodyBytesMax, &DataSetsApi::remove_sets);
  add("POST", "/v1/users/{userId}/erase", kNoBodyBytesMax, &DataSetsApi::erase);
  return routes;
}

Response DataSetsApi::create(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) return no_user_id(request);
  if (auto no = denied(request, access_.may_upload(caller, user_id))) return std::move(*no);
  // Anything else could name a partition that is no user's.
  if (!is_user_id(user_id)) return failed(request, {StepError::Kind::kNoAccount}, {});
  const ThreadReader<record::ObjectReader> scratch(request.body);
  const auto body = scratch.reader().read(request.body, record::upload());
  if (!body) return refused(request, body.error());
  auto made = dataset::make_data_set(
      *body, user_id, {.user_id = caller.user_id, .provenance = provenance(request, caller)},
      now_milliseconds());
  if (!made) return server::bare_errors(400, made.error());
  const auto created = data_sets_.create(std::move(*made), idempotency_key(request));
  if (!created) return failed(request, created.error(), {});
  return server::envelope(request, 201, created->json());
}

Response DataSetsApi::add_data(const Request& request, const Identity& caller) {
  auto set = open_set(request, caller);
  if (!set) return std::move(set.error());
  const auto partial = wants_partial(request);
  if (!partial) return server::bare_error(400, partial.error());
  if (*partial) return add_what_is_good(request, *set);
  ReaderPool::Lease lease(readers_, request.body.size());
  const auto batch = lease.reader().read(request.body, dataset::DataSets::read_options(*set));
  if (!batch) return refused(request, batch.error());
  const auto added = store_batch(request, *set, *batch);
  if (!added) return failed(request, added.error(), set->upload_id);
  return once_kept(*added, request, server::envelope(request, 200, "[]"));
}

/// Stores the good records of a body and lists the others.
Response DataSetsApi::add_what_is_good(const Request& request, const DataSet& set) {
  ReaderPool::Lease lease(readers_, request.body.size());
  const auto partial =
      record::read_partially(lease.reader(), request.body, dataset::DataSets::read_options(set));
  if (!partial) return refused(request, partial.error());
  const auto added = store_batch(request, set, partial->batch);
  if (!added) return failed(request, added.error(), set.upload_id);
  std::string rejected = "\"rejected\":[";
  for (const record::Rejection& rejection : partial->rejected) {
    if (rejected.back() == '}') rejected += ',';
    fmt::format_to(std::back_inserter(rejected), "{{\"index\":{},\"errors\":{}}}", rejection.index,
                   errors_json(rejection.errors));
  }
  return once_kept(*added, request, server::envelope(request, 200, "[]", rejected + ']'));
}

dataset::Step<std::shared_ptr<store::Commit>> DataSetsApi::store_batch(const Request& request,
                                                                       const DataSet& set,
                                                                       const record::Batch& batch) {
  const dataset::Chunk chunk = dataset::make_chunk(request.body, idempotency_key(request));
  return data_sets_.add_later(set.user_id, set.upload_id, batch, chunk, now_milliseconds());
}

Response DataSetsApi::remove_data(const Request& request, const Identity& caller) {
  auto set = open_set(request, caller);
  if (!set) return std::move(set.error());
  const auto selection = dataset::read_selectors(request.body);
  if (!selection) return refused(request, selection.error());
  const auto removed =
      data_sets_.remove(set->user_id, set->upload_id, *selection, now_milliseconds());
  if (!removed) return failed(request, removed.error(), set->upload_id);
  return server::envelope(request, 200, "[]");
}

/// Closes a normal set, whatever the body says; changes a continuous one.
Response DataSetsApi::update(const Request& request, const Identity& caller) {
  auto set = uploadable_set(request, caller);
  if (!set) return std::move(set.error());
  dataset::Step<DataSet> changed;
  if (set->type == DataSet::Type::kNormal) {
    changed = data_sets_.close(set->user_id, set->upload_id, caller.user_id, now_milliseconds());
  } else {
    const bool closed = set->is_closed();
    if (caller.kind != Identity::Kind::kService) {
      return closed ? failed(request, {StepError::Kind::kClosed}, set->upload_id)
                    : unauthorized(request);
    }
    const ThreadReader<record::ObjectReader> scratch(request.body);
    const auto body = scratch.reader().read(request.body, record::upload_update());
    if (!body && closed) return failed(request, {StepError::Kind::kClosed}, set->upload_id);
    if (!body) return refused_update(request, body.error());
    changed = data_sets_.update(set->user_id, set->upload_id, dataset::make_data_set_update(*body),
                                caller.user_id, now_milliseconds());
  }
  if (!changed) return failed(request, changed.error(), set->upload_id);
  return server::envelope(request, 200, changed->json());
}

}  // namespace tideway::api

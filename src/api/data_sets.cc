#include "api/data_sets.h"

#include <fmt/format.h>

#include <functional>

#include "api/provenance.h"
#include "base/time.h"
#include "dataset/chunk.h"
#include "dataset/new_data_set.h"
#include "record/object_reader.h"
#include "record/schema/upload.h"
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

Response refused(const Request& request, const record::Refusal& refusal) {
  switch (refusal.kind) {
    case record::Refusal::Kind::kMalformed:
      return server::envelope_error(request, 400, "json-malformed", "json is malformed",
                                    "JSON is malformed");
    case record::Refusal::Kind::kTooLarge:
      return server::bare_error(413, make_error("resource-too-large", "resource too large"));
    default:
      return server::bare_errors(400, refusal.errors);
  }
}

Response not_implemented(const Request& request, std::string_view detail) {
  return server::envelope_error(request, 501, "not-implemented", "not implemented", detail);
}

/// So that a client can tell a retry from a repetition that is meant.
std::string_view idempotency_key(const Request& request) {
  return request.headers.find("Idempotency-Key").value_or("");
}

Error error_at(Error error, std::string_view pointer) {
  error.pointer = pointer;
  return error;
}

/// A step that did not happen, on the set `upload_id`.
Response failed(const Request& request, const StepError& error, std::string_view upload_id) {
  switch (error.kind) {
    case StepError::Kind::kNotFound:
      return server::envelope_error(request, 404, "data-set-id-not-found",
                                    "data set with specified id not found",
                                    fmt::format("Data set with id {} not found", upload_id));
    case StepError::Kind::kClosed:
      return server::envelope_error(
          request, 409, "data-set-closed", "data set with specified id is closed for new data",
          fmt::format("Data set with id {} is closed for new data", upload_id));
    case StepError::Kind::kTaken:
      return server::bare_error(
          409, error_at(make_error("value-duplicate", "value is a duplicate"), "/uploadId"));
    case StepError::Kind::kNoDeviceId:
      return server::bare_error(
          400, error_at(make_error("value-not-exists", "value does not exist"), "/deviceId"));
    default:
      return internal_failure(request, error.store.message);
  }
}

/// Finds the set that the path names and checks that the caller may write to its owner's account.
std::expected<DataSet, Response> writable_set(dataset::DataSets& data_sets, const Request& request,
                                              const Identity& caller) {
  const std::string& upload_id = request.variables[0];
  if (upload_id.empty()) {
    return std::unexpected(server::envelope_error(
        request, 400, "data-set-id-missing", "data set id is missing", "Data set id is missing"));
  }
  auto set = data_sets.find(upload_id);
  if (!set) return std::unexpected(failed(request, set.error(), upload_id));
  if (!may_write(caller, set->user_id)) return std::unexpected(unauthorized(request));
  if (set->is_closed()) {
    return std::unexpected(failed(request, {StepError::Kind::kClosed}, upload_id));
  }
  return std::move(*set);
}

}  // namespace

DataSetsApi::DataSetsApi(dataset::DataSets& data_sets, const Platform& platform,
                         uint64_t body_size_bytes_max)
    : data_sets_(data_sets), platform_(platform), body_size_bytes_max_(body_size_bytes_max) {}

std::vector<server::Route> DataSetsApi::routes() {
  const auto member = [this](Response (DataSetsApi::*function)(const Request&, const Identity&)) {
    return std::bind_front(function, this);
  };
  constexpr uint64_t kDataSetBytesMax = 1 << 20;
  std::vector<server::Route> routes;
  // Clients use either spelling, some both in one upload.
  for (const std::string name : {"data_sets", "datasets"}) {
    routes.push_back(platform_.route("POST", "/v1/users/{userId}/" + name,
                                     Requirement::kAuthenticated, kDataSetBytesMax,
                                     member(&DataSetsApi::create)));
    routes.push_back(platform_.route("POST", "/v1/" + name + "/{dataSetId}/data",
                                     Requirement::kAuthenticated, body_size_bytes_max_,
                                     member(&DataSetsApi::add_data)));
    routes.push_back(platform_.route("PUT", "/v1/" + name + "/{dataSetId}",
                                     Requirement::kAuthenticated, kDataSetBytesMax,
                                     member(&DataSetsApi::close)));
  }
  return routes;
}

Response DataSetsApi::create(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (user_id.empty()) {
    return server::envelope_error(request, 400, "user-id-missing", "user id is missing",
                                  "User id is missing");
  }
  if (!may_write(caller, user_id)) return unauthorized(request);
  const ThreadReader<record::ObjectReader> scratch(request.body);
  const auto body = scratch.reader().read(request.body, record::upload());
  if (!body) return refused(request, body.error());
  auto made = dataset::make_data_set(
      *body, user_id, {.user_id = caller.user_id, .provenance = provenance(request, caller)},
      now_milliseconds());
  if (!made) return server::bare_errors(400, made.error());
  const auto created = data_sets_.create(std::move(*made));
  if (!created) return failed(request, created.error(), {});
  return server::envelope(request, 201, created->json());
}

Response DataSetsApi::add_data(const Request& request, const Identity& caller) {
  auto set = writable_set(data_sets_, request, caller);
  if (!set) return std::move(set.error());
  const ThreadReader<record::Reader> scratch(request.body);
  const auto batch = scratch.reader().read(request.body, dataset::DataSets::read_options(*set));
  if (!batch) return refused(request, batch.error());
  const auto added = data_sets_.add(set->user_id, set->upload_id, *batch,
                                    dataset::make_chunk(request.body, idempotency_key(request)),
                                    now_milliseconds());
  if (!added) return failed(request, added.error(), set->upload_id);
  return server::envelope(request, 200, "[]");
}

Response DataSetsApi::close(const Request& request, const Identity& caller) {
  auto set = writable_set(data_sets_, request, caller);
  if (!set) return std::move(set.error());
  // Continuous sets stay open: only services may change them.
  if (set->type == DataSet::Type::kContinuous) {
    return caller.kind == Identity::Kind::kService
               ? not_implemented(request, "Updating a continuous data set is not available yet")
               : unauthorized(request);
  }
  const auto closed =
      data_sets_.close(set->user_id, set->upload_id, caller.user_id, now_milliseconds());
  if (!closed) return failed(request, closed.error(), set->upload_id);
  return server::envelope(request, 200, closed->json());
}

}  // namespace tideway::api

#include "api/data_set_replies.h"

#include <fmt/format.h>

#include "server/replies.h"

namespace tideway::api {
namespace {

using dataset::DataSet;
using dataset::StepError;
using server::Request;
using server::Response;

Error error_at(Error error, std::string_view pointer) {
  error.pointer = pointer;
  return error;
}

}  // namespace

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

Response failed(const Request& request, const StepError& error, std::string_view upload_id) {
  switch (error.kind) {
    case StepError::Kind::kNotFound:
      return server::envelope_error(request, 404, "data-set-id-not-found",
                                    "data set with specified id not found",
                                    fmt::format("Data set with id {} not found", upload_id));
    case StepError::Kind::kNoAccount:
      return server::envelope_error(request, 404, "user-id-not-found",
                                    "user with specified id not found",
                                    "User with specified id not found");
    case StepError::Kind::kClosed:
      return server::envelope_error(
          request, 409, "data-set-closed", "data set with specified id is closed for new data",
          fmt::format("Data set with id {} is closed for new data", upload_id));
    case StepError::Kind::kNotDeleted:
      return server::envelope_error(
          request, 409, "data-set-not-deleted", "data set with specified id has nothing to restore",
          fmt::format("Data set with id {} has nothing to restore", upload_id));
    case StepError::Kind::kKeyReused:
      return server::envelope_error(request, 422, "idempotency-key-reused",
                                    "idempotency key was used for another request",
                                    "Idempotency key was used for another request");
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

Response no_user_id(const Request& request) {
  return server::envelope_error(request, 400, "user-id-missing", "user id is missing",
                                "User id is missing");
}

std::optional<Response> denied(const Request& request, const store::Result<bool>& may) {
  if (!may) return internal_failure(request, may.error().message);
  if (!*may) return unauthorized(request);
  return std::nullopt;
}

std::expected<DataSet, Response> named_set(dataset::DataSets& data_sets, const Request& request) {
  const std::string& upload_id = request.variables[0];
  if (upload_id.empty()) {
    return std::unexpected(server::envelope_error(
        request, 400, "data-set-id-missing", "data set id is missing", "Data set id is missing"));
  }
  auto set = data_sets.find(upload_id);
  if (!set) return std::unexpected(failed(request, set.error(), upload_id));
  request.note_whose(set->user_id);
  return std::move(*set);
}

std::string sets_json(const std::vector<DataSet>& sets) {
  std::string out = "[";
  for (const DataSet& set : sets) {
    if (out.size() > 1) out += ',';
    out += set.json();
  }
  return out + ']';
}

}  // namespace tideway::api

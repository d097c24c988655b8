#include "api/blobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "api/blob_headers.h"
#include "api/blob_replies.h"
#include "api/query_parameters.h"
#include "base/text.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

constexpr uint64_t kRevision = 0;  // content and entry never change

bool is_service(const Identity& caller) { return caller.kind == Identity::Kind::kService; }

}  // namespace

BlobsApi::BlobsApi(blob::Blobs& blobs, const Platform& platform, const Access& access)
    : blobs_(blobs), platform_(platform), access_(access) {}

std::vector<server::Route> BlobsApi::routes() {
  using Method = Response (BlobsApi::*)(const Request&, const Identity&);
  const auto route = [this](std::string method, std::string pattern, Method handle) {
    return platform_.route(std::move(method), std::move(pattern), Requirement::kNone,
                           kNoBodyBytesMax, std::bind_front(handle, this));
  };
  return {
      platform_.receiving_route("POST", "/v1/users/{userId}/blobs", Requirement::kNone,
                                blob::kSizeBytesMax, std::bind_front(&BlobsApi::create, this)),
      route("GET", "/v1/users/{userId}/blobs", &BlobsApi::list),
      route("DELETE", "/v1/users/{userId}/blobs", &BlobsApi::remove_all),
      route("GET", "/v1/blobs/{id}", &BlobsApi::get),
      route("GET", "/v1/blobs/{id}/content", &BlobsApi::content),
      route("DELETE", "/v1/blobs/{id}", &BlobsApi::remove),
  };
}

std::expected<std::unique_ptr<server::BodyReceiver>, Response> BlobsApi::create(
    const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  const auto refused = [](Response response) { return std::unexpected(std::move(response)); };
  if (auto bad = bad_user_id(user_id)) return refused(*std::move(bad));
  auto media_type = media_type_header(request);
  if (!media_type) return refused(server::bare_error(400, media_type.error()));
  std::optional<std::string> digest_md5;
  if (request.headers.count("Digest") > 0) {
    auto digest = md5_header(request);
    if (!digest) return refused(server::bare_error(400, digest.error()));
    digest_md5 = *std::move(digest);
  }
  const auto may = access_.may_upload(caller, user_id);
  if (!may) return refused(blob_store_failed(request, may.error()));
  if (!*may) return refused(unauthorized_bare());
  blob::Blob draft;
  draft.user_id = user_id;
  draft.media_type = *std::move(media_type);
  return receive_blob(request, blobs_, std::move(draft), std::move(digest_md5));
}

Response BlobsApi::list(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (auto bad = bad_user_id(user_id)) return *std::move(bad);
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  blob::ListFilter filter;
  filter.media_types = parameters->list("mediaType");
  for (size_t i = 0; i < filter.media_types.size(); ++i) {
    const std::string& type = filter.media_types[i];
    if (type.empty()) parameters->reject("mediaType", make_error("value-empty", "value is empty"));
    if (type.empty() || is_media_type(type)) continue;
    parameters->reject(
        "mediaType", make_error("value-not-valid", "value is not valid",
                                fmt::format("value {} is not valid as media type", quoted(type))));
  }
  const auto states = parameters->list("status");
  for (const std::string& state : states) {
    if (state == "available" || state == "created") continue;
    parameters->reject("status",
                       make_error("value-not-allowed", "value is not one of the allowed values",
                                  fmt::format(R"(value {} is not one of ["available", "created"])",
                                              quoted(state))));
  }
  blob::ListPage page;
  page.number = parameters->integer("page", 0, 0);
  page.size = parameters->integer("size", 100, 1, 1000);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  if (!is_service(caller)) return unauthorized_bare();
  // What is still being stored is not a blob yet, so there is none of the other state.
  if (!states.empty() && std::ranges::count(states, "available") == 0) return blobs_reply({});
  const auto blobs = blobs_.list(blob::Kind::kBlob, user_id, filter, page);
  return blobs ? blobs_reply(*blobs) : blob_store_failed(request, blobs.error());
}

Response BlobsApi::remove_all(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (auto bad = bad_user_id(user_id)) return *std::move(bad);
  if (!is_service(caller)) return unauthorized_bare();
  const auto removed = blobs_.remove_all(blob::Kind::kBlob, user_id);
  return removed ? no_content() : blob_store_failed(request, removed.error());
}

std::expected<blob::Blob, Response> BlobsApi::find(const Request& request, const Identity& caller) {
  const std::string& id = request.variables[0];
  if (auto bad = bad_blob_id(id)) return std::unexpected(*std::move(bad));
  if (!is_service(caller)) return std::unexpected(unauthorized_bare());
  auto blob = blobs_.find(blob::Kind::kBlob, id);
  if (!blob) return std::unexpected(blob_store_failed(request, blob.error()));
  if (!*blob) return std::unexpected(blob_not_found(id));
  request.note_whose((*blob)->user_id);
  return std::move(**blob);
}

Response BlobsApi::get(const Request& request, const Identity& caller) {
  auto blob = find(request, caller);
  if (!blob) return std::move(blob.error());
  return server::json_reply(200, blob_json(*blob) + '\n');
}

Response BlobsApi::content(const Request& request, const Identity& caller) {
  auto blob = find(request, caller);
  if (!blob) return std::move(blob.error());
  return content_reply(request, blobs_, *blob);
}

Response BlobsApi::remove(const Request& request, const Identity& caller) {
  const std::string& id = request.variables[0];
  if (auto bad = bad_blob_id(id)) return *std::move(bad);
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  const uint64_t revision = parameters->integer("revision", kRevision, 0);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  auto blob = find(request, caller);
  if (!blob) return std::move(blob.error());
  if (revision != kRevision) {
    return server::bare_error(
        404,
        make_error("resource-not-found", "resource not found",
                   fmt::format("revision {} of resource with id \"{}\" not found", revision, id)));
  }
  const auto removed = blobs_.remove(*blob);
  return removed ? no_content() : blob_store_failed(request, removed.error());
}

}  // namespace tideway::api

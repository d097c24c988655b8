#include "api/device_logs.h"

#include <functional>
#include <utility>

#include "api/blob_headers.h"
#include "api/blob_replies.h"
#include "api/query_parameters.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

bool is_anonymous(const Identity& caller) { return caller.kind == Identity::Kind::kAnonymous; }

/// What the headers say of a log that is to come.
std::expected<blob::Blob, Error> read_headers(const Request& request, std::string& digest_md5) {
  auto media_type = media_type_header(request);
  if (!media_type) return std::unexpected(media_type.error());
  auto digest = md5_header(request);
  if (!digest) return std::unexpected(digest.error());
  auto start = time_header(request, "X-Logs-Start-At-Time");
  if (!start) return std::unexpected(start.error());
  auto end = time_header(request, "X-Logs-End-At-Time");
  if (!end) return std::unexpected(end.error());
  digest_md5 = *std::move(digest);
  blob::Blob log;
  log.kind = blob::Kind::kDeviceLog;
  log.media_type = *std::move(media_type);
  log.start_time = *std::move(start);
  log.end_time = *std::move(end);
  return log;
}

}  // namespace

DeviceLogsApi::DeviceLogsApi(blob::Blobs& blobs, const Platform& platform, const Access& access)
    : blobs_(blobs), platform_(platform), access_(access) {}

std::vector<server::Route> DeviceLogsApi::routes() {
  // Requirements are looked at by the handlers: a bad path comes before them.
  using Method = Response (DeviceLogsApi::*)(const Request&, const Identity&);
  const auto route = [this](std::string pattern, Method handle) {
    return platform_.route("GET", std::move(pattern), Requirement::kNone, kNoBodyBytesMax,
                           std::bind_front(handle, this));
  };
  return {
      platform_.receiving_route("POST", "/v1/users/{userId}/device_logs", Requirement::kNone,
                                blob::kSizeBytesMax, std::bind_front(&DeviceLogsApi::create, this)),
      route("/v1/users/{userId}/device_logs", &DeviceLogsApi::list),
      route("/v1/device_logs/{id}", &DeviceLogsApi::get),
      route("/v1/device_logs/{id}/content", &DeviceLogsApi::content),
  };
}

std::expected<std::unique_ptr<server::BodyReceiver>, Response> DeviceLogsApi::create(
    const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  const auto refused = [](Response response) { return std::unexpected(std::move(response)); };
  if (auto bad = bad_user_id(user_id)) return refused(*std::move(bad));
  if (is_anonymous(caller)) return refused(unauthenticated());
  const auto may = access_.may_upload_logs(caller, user_id);
  if (!may) return refused(blob_store_failed(request, may.error()));
  if (!*may) return refused(empty_forbidden());
  std::string digest_md5;
  auto log = read_headers(request, digest_md5);
  if (!log) return refused(server::bare_error(400, log.error()));
  log->user_id = user_id;
  return receive_blob(request, blobs_, *std::move(log), std::move(digest_md5));
}

Response DeviceLogsApi::list(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (auto bad = bad_user_id(user_id)) return *std::move(bad);
  if (is_anonymous(caller)) return unauthenticated();
  const auto may = access_.is_related(caller, user_id);
  if (!may) return blob_store_failed(request, may.error());
  if (!*may) return empty_forbidden();
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  blob::ListFilter filter;
  filter.start_at_ms = parameters->time_ms("startAtTime");
  filter.end_at_ms = parameters->time_ms("endAtTime");
  blob::ListPage page;
  page.number = parameters->integer("page", 0, 0);
  page.size = parameters->integer("size", 100, 1, 1000);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  const auto logs = blobs_.list(blob::Kind::kDeviceLog, user_id, filter, page);
  return logs ? blobs_reply(*logs) : blob_store_failed(request, logs.error());
}

std::expected<blob::Blob, Response> DeviceLogsApi::readable_log(const Request& request,
                                                                const Identity& caller,
                                                                Denied denied) {
  const std::string& id = request.variables[0];
  if (auto bad = bad_blob_id(id)) return std::unexpected(*std::move(bad));
  if (is_anonymous(caller)) return std::unexpected(denied.anonymous());
  auto log = blobs_.find(blob::Kind::kDeviceLog, id);
  if (!log) return std::unexpected(blob_store_failed(request, log.error()));
  if (!*log) return std::unexpected(blob_not_found(id));
  request.note_whose((*log)->user_id);
  const auto may = access_.is_related(caller, (*log)->user_id);
  if (!may) return std::unexpected(blob_store_failed(request, may.error()));
  if (!*may) return std::unexpected(denied.stranger(id));
  return **std::move(log);
}

Response DeviceLogsApi::get(const Request& request, const Identity& caller) {
  auto log = readable_log(
      request, caller, {unauthorized_bare, [](std::string_view) { return unauthorized_bare(); }});
  if (!log) return std::move(log.error());
  return server::json_reply(200, blob_json(*log) + '\n');
}

Response DeviceLogsApi::content(const Request& request, const Identity& caller) {
  // To a stranger it is as if there were none.
  auto log = readable_log(request, caller, {unauthenticated, blob_not_found});
  if (!log) return std::move(log.error());
  Response response = content_reply(request, blobs_, *log);
  if (response.status == 200) {
    response.headers.set("Start-At", log->start_time);
    response.headers.set("End-At", log->end_time);
  }
  return response;
}

}  // namespace tideway::api

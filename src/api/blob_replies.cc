#include "api/blob_replies.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "account/account_guard.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "server/refusals.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

Response bad_variable(std::string_view name, std::string_view value) {
  if (value.empty()) {
    return server::bare_error(400, make_error("parameter-missing", "parameter is missing",
                                              fmt::format("parameter \"{}\" is missing", name)));
  }
  return server::bare_error(400, make_error("parameter-invalid", "parameter is invalid",
                                            fmt::format("parameter \"{}\" is invalid", name)));
}

/// Writes the content to disk as it comes.
class BlobReceiver : public server::BodyReceiver {
 public:
  BlobReceiver(blob::Blobs& blobs, std::unique_ptr<blob::Upload> upload, blob::Blob draft,
               std::optional<std::string> digest_md5, std::string trace)
      : blobs_(blobs),
        upload_(std::move(upload)),
        draft_(std::move(draft)),
        digest_md5_(std::move(digest_md5)),
        trace_(std::move(trace)) {}

  std::optional<Response> receive(std::string_view bytes) override {
    // The server has stopped longer bodies already, but not those that it was handed whole.
    if (bytes.size() > blob::kSizeBytesMax - upload_->size_bytes()) return server::body_too_large();
    const auto appended = upload_->append(bytes);
    if (!appended) return failed(appended.error());
    return std::nullopt;
  }

  Response finish(const Request&) override {
    const auto finished = upload_->finish();
    if (!finished) return failed(finished.error());
    const std::string& calculated = upload_->digest_md5();
    if (digest_md5_ && *digest_md5_ != calculated) return unequal(calculated);
    const auto blob = blobs_.add(std::move(upload_), std::move(draft_), now_milliseconds());
    if (!blob) return failed(blob.error());
    return server::json_reply(201, blob_json(*blob) + '\n');
  }

 private:
  Response unequal(std::string_view calculated) const {
    Error error = make_error("digests-not-equal", "digests not equal",
                             fmt::format("digest \"{}\" does not equal calculated digest \"{}\"",
                                         *digest_md5_, calculated));
    error.pointer = "/digestMD5";
    return server::bare_error(400, error);
  }

  Response failed(const store::Error& error) const {
    Request request;
    request.trace_request = trace_;
    return blob_store_failed(request, error);
  }

  blob::Blobs& blobs_;
  std::unique_ptr<blob::Upload> upload_;
  blob::Blob draft_;
  const std::optional<std::string> digest_md5_;
  const std::string trace_;
};

class ContentStream : public server::BodyStream {
 public:
  ContentStream(std::unique_ptr<blob::Content> content, std::string trace)
      : content_(std::move(content)), trace_(std::move(trace)) {}

  Next next(std::string& chunk) override {
    chunk.clear();
    const auto more = content_->next(chunk);
    if (!more) {
      spdlog::error("trace {}: {}", trace_, more.error().message);
      return Next::kFailed;
    }
    return *more ? Next::kMore : Next::kEnd;
  }

 private:
  std::unique_ptr<blob::Content> content_;
  const std::string trace_;
};

}  // namespace

std::optional<Response> bad_user_id(std::string_view user_id) {
  if (is_user_id(user_id)) return std::nullopt;
  return bad_variable("userId", user_id);
}

std::optional<Response> bad_blob_id(std::string_view id) {
  if (is_data_id(id)) return std::nullopt;
  return bad_variable("id", id);
}

Response blob_not_found(std::string_view id) {
  return server::bare_error(404, make_error("resource-not-found", "resource not found",
                                            fmt::format("resource with id \"{}\" not found", id)));
}

Response blob_store_failed(const Request& request, const store::Error& error) {
  if (account::is_no_account(error)) {
    return server::bare_error(
        404, make_error("resource-not-found", "resource not found", "there is no such account"));
  }
  spdlog::error("trace {}: {}", request.trace_request, error.message);
  return server::bare_error(500, make_error("internal-server-error", "internal server error"));
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response empty_forbidden() {
  Response response;
  response.status = 403;
  return response;
}

std::string blob_json(const blob::Blob& blob) {
  const bool is_log = blob.kind == blob::Kind::kDeviceLog;
  const std::string created = format_utc_milliseconds(blob.created_ms);
  std::string out = fmt::format(R"({{"id":"{}","userId":"{}","digestMD5":"{}","mediaType":)",
                                blob.id, blob.user_id, blob.digest_md5);
  append_json_string(out, blob.media_type);
  out += fmt::format(",\"size\":{}", blob.size_bytes);
  if (!is_log) out += ",\"status\":\"available\"";
  out += fmt::format(",\"createdTime\":\"{}\"", created);
  if (is_log) {
    out += fmt::format(R"(,"startAtTime":"{}","endAtTime":"{}")", blob.start_time, blob.end_time);
  }
  return out + ",\"revision\":0}";
}

Response blobs_reply(const std::vector<blob::Blob>& blobs) {
  std::string body = "[";
  for (const blob::Blob& blob : blobs) {
    if (body.size() > 1) body += ',';
    body += blob_json(blob);
  }
  return server::json_reply(200, body + "]\n");
}

std::expected<std::unique_ptr<server::BodyReceiver>, Response> receive_blob(
    const Request& request, blob::Blobs& blobs, blob::Blob draft,
    std::optional<std::string> digest_md5) {
  auto upload = blobs.begin_upload();
  if (!upload) return std::unexpected(blob_store_failed(request, upload.error()));
  if (*upload == nullptr) return std::unexpected(server::too_busy());
  return std::make_unique<BlobReceiver>(blobs, std::move(*upload), std::move(draft),
                                        std::move(digest_md5), request.trace_request);
}

Response content_reply(const Request& request, blob::Blobs& blobs, const blob::Blob& blob) {
  auto content = blobs.content(blob);
  if (!content) return blob_store_failed(request, content.error());
  Response response;
  response.headers.set("Content-Type", blob.media_type);
  response.headers.set("Digest", "MD5=" + blob.digest_md5);
  // It is a stranger's file under our name: a browser shall save it, not run it.
  response.headers.set("Content-Disposition", "attachment");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.stream = std::make_unique<ContentStream>(std::move(*content), request.trace_request);
  response.compressible = false;
  return response;
}

}  // namespace tideway::api

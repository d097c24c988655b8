#include "api/legacy_upload.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "api/provenance.h"
#include "api/utility.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
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

constexpr uint64_t kBodySizeBytesMax = uint64_t{4} << 20;

/// Each upload that a body names, or names again after another one, is a commit of its own. Drivers
/// name one.
constexpr size_t kCommitsMax = 100;

/// Rules that a record breaks are named as the old service names them.
constexpr std::string_view kIllegal = R"("type":"IllegalArgumentException")";

Response failure(uint16_t status, std::string_view message, std::string_view more = {}) {
  std::string body = "{";
  if (!more.empty()) body.append(more) += ',';
  body += "\"message\":";
  append_json_string(body, message);
  fmt::format_to(std::back_inserter(body), ",\"statusCode\":{}}}", status);
  return server::json_reply(status, std::move(body));
}

Response not_logged_in() {
  Response response;
  response.status = 401;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = "Unauthorized";
  return response;
}

using Version = std::array<int, 3>;

std::optional<Version> read_version(std::string_view text) {
  if (const size_t space = text.find_last_of(" :"); space != text.npos) {
    text.remove_prefix(space + 1);
  }
  Version version{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (size_t i = 0; i < version.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto read = std::from_chars(at, end, version[i]);
    if (read.ec != std::errc()) return std::nullopt;
    at = read.ptr;
  }
  return version;
}

/// "value: value 2000 is not between 0 and 1000" of an error at "/3/value" or "/value".
std::string in_words(const Error& error, bool in_array) {
  std::string_view pointer = error.pointer;
  if (!pointer.empty()) pointer.remove_prefix(1);
  if (in_array) pointer.remove_prefix(std::min(pointer.find('/'), pointer.size() - 1) + 1);
  const std::string& text = error.detail.empty() ? error.title : error.detail;
  return pointer.empty() ? text : fmt::format("{}: {}", pointer, text);
}

/// The element of an array that an error is about: "/3/value" is about the fourth.
size_t index_of(const Error& error) {
  size_t index = 0;
  const std::string_view pointer = error.pointer;
  if (pointer.size() > 1) {
    std::from_chars(pointer.data() + 1, pointer.data() + pointer.size(), index);
  }
  return index;
}

std::string array_of(const std::vector<record::LegacyRecord>& records, size_t begin, size_t end) {
  std::string out = "[";
  for (size_t i = begin; i < end; ++i) {
    if (i > begin) out += ',';
    out += records[i].json;
  }
  return out + ']';
}

std::string indexes_json(std::vector<size_t> indexes) {
  std::ranges::sort(indexes);
  return fmt::format("[{}]", fmt::join(indexes, ","));
}

}  // namespace

bool is_outdated(std::string_view version) {
  const auto read = read_version(version);
  return read && *read < *read_version(kUploaderVersionMin);
}

std::vector<server::Route> LegacyUploadApi::routes() {
  std::vector<server::Route> routes;
  for (const auto* const pattern : {"/data", "/data/{userId}"}) {
    routes.push_back({.method = "POST",
                      .pattern = pattern,
                      .family = server::Family::kJellyfish,
                      .dataservices = true,
                      .body_size_bytes_max = kBodySizeBytesMax,
                      .handle = std::bind_front(&LegacyUploadApi::upload, this)});
  }
  return routes;
}

Response LegacyUploadApi::upload(const Request& request) {
  const Identity caller = session_token_identity(request, tokens_);
  if (caller.kind == Identity::Kind::kAnonymous) return not_logged_in();
  const std::string& user_id = request.variables.empty() ? caller.user_id : request.variables[0];
  request.note_whose(user_id);
  const auto may = access_.may_upload(caller, user_id);
  if (!may) {
    spdlog::error("trace {}: {}", request.trace_request, may.error().message);
    return failure(500, "the permissions could not be read");
  }
  // A service has no account of its own to upload to.
  if (!*may || !is_user_id(user_id)) return failure(403, "you may not upload data for this user");
  const auto body = record::read_legacy_body(request.body);
  if (!body) return failure(400, "the body must be a JSON object or an array of them");

  std::vector<size_t> duplicates;
  auto stored = store_all(request, caller, user_id, body->records, duplicates);
  if (stored && !body->problem.empty()) {
    stored = std::unexpected(Failure{
        .index = body->records.size(), .message = body->problem, .more = std::string(kIllegal)});
  }
  if (stored) return server::json_reply(200, indexes_json(std::move(duplicates)));
  const Failure& why = stored.error();
  std::string more = fmt::format("\"dataIndex\":{}", why.index);
  if (!why.more.empty()) more += ',' + why.more;
  return failure(why.status, why.message, more);
}

/// One after the other, those of one upload that follow each other in one step.
LegacyUploadApi::Result LegacyUploadApi::store_all(const Request& request, const Identity& caller,
                                                   std::string_view user_id, const Records& records,
                                                   std::vector<size_t>& duplicates) {
  size_t commits = 0;
  for (size_t begin = 0; begin < records.size();) {
    if (++commits > kCommitsMax) {
      return std::unexpected(Failure{.index = begin, .message = "too many uploads in one body"});
    }
    size_t end = begin + 1;
    Result done;
    if (records[begin].is_upload) {
      done = open_set(request, caller, user_id, records, begin, duplicates);
    } else {
      while (end < records.size() && !records[end].is_upload &&
             records[end].upload_id == records[begin].upload_id) {
        ++end;
      }
      done = store_run(request, user_id, records, begin, end, duplicates);
    }
    if (!done) return done;
    begin = end;
  }
  return {};
}

LegacyUploadApi::Result LegacyUploadApi::open_set(const Request& request, const Identity& caller,
                                                  std::string_view user_id, const Records& records,
                                                  size_t at, std::vector<size_t>& duplicates) {
  const record::LegacyRecord& sent = records[at];
  const auto refuse = [&](std::string message, std::string_view more) {
    return std::unexpected(
        Failure{.index = at, .message = std::move(message), .more = std::string(more)});
  };
  if (sent.version.empty()) {
    return refuse("version must be a text", R"("errorField":"version")");
  }
  if (is_outdated(sent.version)) {
    return refuse(fmt::format("version must be at least {}", kUploaderVersionMin),
                  R"("code":"outdatedVersion","errorField":"version")");
  }
  record::ObjectReader reader;
  const auto body = reader.read(sent.json, record::upload());
  if (!body && body.error().errors.empty()) return refuse("the record cannot be read", kIllegal);
  if (!body) return refuse(in_words(body.error().errors.front(), false), kIllegal);
  auto made = dataset::make_data_set(
      *body, user_id,
      {.user_id = caller.user_id, .provenance = provenance(request, caller), .is_legacy = true},
      now_milliseconds());
  if (!made) return refuse(in_words(made.error().front(), false), kIllegal);
  const auto created = data_sets_.create(std::move(*made));
  if (created) return {};
  if (created.error().kind == StepError::Kind::kTaken) {
    const auto other = data_sets_.find(sent.upload_id);
    if (other && other->user_id != user_id) {
      return refuse("uploadId: this id is taken", kIllegal);
    }
    if (other) {
      duplicates.push_back(at);
      return {};
    }
  }
  if (created.error().kind == StepError::Kind::kNoAccount) {
    return std::unexpected(Failure{404, at, "there is no such account"});
  }
  spdlog::error("trace {}: {}", request.trace_request, created.error().store.message);
  return std::unexpected(Failure{500, at, "the upload could not be stored"});
}

/// Stores the records up to the first that is refused.
LegacyUploadApi::Result LegacyUploadApi::store_run(const Request& request, std::string_view user_id,
                                                   const Records& records, size_t begin, size_t end,
                                                   std::vector<size_t>& duplicates) {
  std::optional<Failure> refused;
  std::string body = array_of(records, begin, end);
  ReaderPool::Lease lease(readers_, body.size());
  auto batch = lease.reader().read(body, {.with_identity = false, .requires_device_id = true});
  // Errors of parsing hide those of other records, so what comes before may be refused, too.
  while (!batch) {
    if (batch.error().errors.empty()) {
      return std::unexpected(Failure{.index = begin, .message = "the record cannot be read"});
    }
    const auto first = std::ranges::min_element(batch.error().errors, {}, index_of);
    end = begin + index_of(*first);
    refused =
        Failure{.index = end, .message = in_words(*first, true), .more = std::string(kIllegal)};
    body = array_of(records, begin, end);
    batch = lease.reader().read(body, {.with_identity = false, .requires_device_id = true});
  }
  if (!batch->records.empty()) {
    const auto known =
        data_sets_.add_new(user_id, records[begin].upload_id, *batch, now_milliseconds());
    if (!known && known.error().kind == StepError::Kind::kStore) {
      spdlog::error("trace {}: {}", request.trace_request, known.error().store.message);
      return std::unexpected(Failure{500, begin, "the records could not be stored"});
    }
    if (!known) {
      const bool closed = known.error().kind == StepError::Kind::kClosed;
      return std::unexpected(
          Failure{.index = begin,
                  .message = closed ? "uploadId: this upload takes no more records this way"
                                    : "uploadId: send the record of type upload with this id first",
                  .more = std::string(kIllegal)});
    }
    for (size_t i = begin; i < end; ++i) {
      if ((*known)[i - begin]) duplicates.push_back(i);
    }
  }
  if (refused) return std::unexpected(*std::move(refused));
  return {};
}

}  // namespace tideway::api

#include "tests/fault/writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::fault {

namespace {

constexpr int kChunkRecordsMax = 20;
/// Hash sets of one device lie in so few minutes that nearly all of them overlap.
constexpr int kHashMinutes = 30;

std::string set_json(Upload::Kind kind, std::string_view device_id) {
  switch (kind) {
    case Upload::Kind::kContinuous:
      return std::string(e2e::kContinuousSet);
    case Upload::Kind::kPlain:
      return e2e::plain_set();
    case Upload::Kind::kHash:
      return e2e::hash_set(device_id);
  }
  return {};
}

}  // namespace

Writer::Writer(int number, std::string user_id, std::string token, uint64_t seed)
    : number_(number), user_id_(std::move(user_id)), token_(std::move(token)), random_(seed) {}

int Writer::random_int(int first, int last) {
  return std::uniform_int_distribution<int>(first, last)(random_);
}

void Writer::work(uint16_t port) {
  e2e::ApiClient client(port);
  client.token = token_;
  client.user_id = user_id_;
  while (surprises_.empty() && step(client)) {
  }
}

Upload* Writer::open_upload(Upload::Kind kind) {
  const auto found = std::ranges::find_if(journal_.uploads, [&](const Upload& upload) {
    return upload.kind == kind && upload.takes_more();
  });
  return found == journal_.uploads.end() ? nullptr : &*found;
}

bool Writer::step(e2e::ApiClient& client) {
  const auto kind = static_cast<Upload::Kind>(random_int(0, 2));
  Upload* const upload = open_upload(kind);
  if (upload == nullptr) return open(client, kind);
  const bool may_close = kind != Upload::Kind::kContinuous && !upload->chunks.empty();
  if (may_close && random_int(1, 3) == 1) return close(client, *upload);
  return add_chunk(client, *upload);
}

bool Writer::open(e2e::ApiClient& client, Upload::Kind kind) {
  const std::string device_id = fmt::format("device-{}", number_);
  // Without an answer the id is not known: the set is empty, and nobody ever writes to it.
  const auto reply = client.try_ask("POST", fmt::format("/v1/users/{}/data_sets", user_id_),
                                    set_json(kind, device_id));
  if (!reply || !expect(*reply, 201, "open")) return false;
  journal_.uploads.push_back({.kind = kind,
                              .id = e2e::text_at(reply->body, "/data/uploadId"),
                              .device_id = device_id,
                              .chunks = {}});
  return true;
}

bool Writer::add_chunk(e2e::ApiClient& client, Upload& upload) {
  Chunk chunk{.name = fmt::format("w{}-{}", number_, chunk_count_++),
              .count = random_int(1, kChunkRecordsMax),
              .first_minute = next_minute_,
              .fate = Fate::kUnknown};
  if (upload.kind == Upload::Kind::kHash) {
    chunk.first_minute = random_int(0, kHashMinutes - kChunkRecordsMax);
  } else {
    next_minute_ += chunk.count;
  }
  upload.chunks.push_back(chunk);
  const auto reply = client.try_ask("POST", fmt::format("/v1/data_sets/{}/data", upload.id),
                                    chunk.body(upload.device_id));
  if (!reply || !expect(*reply, 200, "add")) return false;
  upload.chunks.back().fate = Fate::kDone;
  return true;
}

bool Writer::close(e2e::ApiClient& client, Upload& upload) {
  upload.closing = Fate::kUnknown;
  upload.closing_order = ++closing_count_;
  const auto reply = client.try_ask("PUT", "/v1/data_sets/" + upload.id, R"({"state":"closed"})");
  if (!reply || !expect(*reply, 200, "close")) return false;
  upload.closing = Fate::kDone;
  return true;
}

bool Writer::expect(const e2e::Reply& reply, unsigned status, std::string_view what) {
  if (reply.status == status) return true;
  surprises_.push_back(
      fmt::format("writer {}: {}: status {}: {}", number_, what, reply.status, reply.body));
  return false;
}

}  // namespace tideway::fault

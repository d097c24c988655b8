// What a player may ask for.
#include <fmt/format.h>

#include <algorithm>

#include "tests/e2e/json_text.h"
#include "tests/model/player.h"

namespace tideway::model {
namespace {

constexpr const char* kClients[] = {"org.example.loop", "org.example.uploader"};
constexpr size_t kSentKept = 12;
constexpr int kMinutes = 6, kValues = 2, kOrigins = 5;

std::string body_of(const std::vector<Record>& records) {
  std::string body = "[";
  for (const Record& record : records) {
    if (body.size() > 1) body += ',';
    body += record.json();
  }
  return body + ']';
}

/// The values of `uploadId` in the array at `pointer`.
std::vector<std::string> ids_at(const std::string& body, const char* pointer) {
  std::vector<std::string> ids;
  const e2e::Json json(body);
  for (const auto element : json.at(pointer).get_array()) {
    ids.emplace_back(std::string_view(element["uploadId"].get_string()));
  }
  return ids;
}

}  // namespace

/// With a key, so that it can be sent again until its answer comes.
void Player::create() {
  Set set;
  set.deduplicator = static_cast<Deduplicator>(pick(kDeduplicatorCount));
  set.continuous = chance(45);
  set.device = chance(90) ? fmt::format("D{}", pick(2)) : "";
  set.client = kClients[pick(2)];
  Operation operation{.method = "POST",
                      .target = fmt::format("/v1/users/{}/data_sets", user_.id),
                      .fields = e2e::field("Idempotency-Key", fmt::format("set-{}", next_key_++)),
                      .as_service = chance(20),
                      .apply = {}};
  operation.body =
      fmt::format(R"({{"dataSetType":"{}","client":{{"name":"{}"}},"deduplicator":{{"name":)"
                  R"("org.tidepool.deduplicator.{}"}}{}}})",
                  set.continuous ? "continuous" : "normal", set.client, name_of(set.deduplicator),
                  set.device.empty() ? "" : fmt::format(R"(,"deviceId":"{}")", set.device));
  note(operation);
  std::optional<e2e::Reply> reply;
  while (!reply) reply = ask(operation);
  if (reply->status != 201) return differ("create: " + reply->body);
  set.id = e2e::text_at(reply->body, "/data/uploadId");
  note(set.id);
  model_.create(std::move(set));
}

Record Player::make_record(const Set& set) {
  Record record;
  record.number = next_number_++;
  if (chance(50)) record.id = fmt::format("{:032}", record.number);
  record.device = chance(75) && !set.device.empty() ? set.device : fmt::format("D{}", pick(2));
  record.minute = pick(kMinutes);
  record.value = 5 + pick(kValues);
  const bool has_origin = set.compares_origins() ? chance(80) : chance(15);
  if (has_origin) record.origin = fmt::format("o{}", pick(kOrigins));
  if (has_origin && chance(80)) record.origin_minute = pick(kMinutes);
  return record;
}

std::vector<Record> Player::make_records(const Set& set) {
  std::vector<Record> records;
  for (int count = chance(3) ? 0 : 1 + pick(4); count > 0; --count) {
    records.push_back(make_record(set));
  }
  return records;
}

Player::Operation Player::add(const Set& set) {
  const auto records = make_records(set);
  Chunk chunk{.body = body_of(records), .key = {}};
  if (chance(15)) chunk.key = fmt::format("chunk-{}", pick(next_key_ + 1));
  sent_.push_back({.set = set.id, .records = records, .chunk = chunk});
  if (sent_.size() > kSentKept) sent_.erase(sent_.begin());
  return {.method = "POST",
          .target = fmt::format("/v1/{}/{}/data", chance(50) ? "data_sets" : "datasets", set.id),
          .body = chunk.body,
          .fields = chunk.key.empty() ? "" : e2e::field("Idempotency-Key", chunk.key),
          .as_service = chance(10),
          .apply = [=](Model& model) { return model.add(set.id, records, chunk); }};
}

/// One of the last chunks, to the same set: as it was, or with a new key.
Player::Operation Player::repeat_add(const Set& set) {
  if (sent_.empty()) return add(set);
  Sent sent = sent_[static_cast<size_t>(pick(static_cast<int>(sent_.size())))];
  if (chance(25)) sent.chunk.key = fmt::format("again-{}", next_key_++);
  if (chance(10)) sent.chunk.key.clear();
  return {.method = "POST",
          .target = fmt::format("/v1/data_sets/{}/data", sent.set),
          .body = sent.chunk.body,
          .fields = sent.chunk.key.empty() ? "" : e2e::field("Idempotency-Key", sent.chunk.key),
          .apply = [=](Model& model) { return model.add(sent.set, sent.records, sent.chunk); }};
}

/// Refused as a whole, or but for the bad record.
Player::Operation Player::add_with_a_bad_record(const Set& set) {
  const auto records = make_records(set);
  const bool partial = chance(60);
  Chunk chunk{.body = body_of(records), .key = {}};
  chunk.body.pop_back();
  chunk.body += records.empty() ? "" : ",";
  chunk.body += R"({"type":"smbg","units":"furlongs"}])";
  const auto rejected = [at = records.size()](const std::string& body) {
    return body.contains(fmt::format(R"("rejected":[{{"index":{},"errors":[)", at));
  };
  return {.method = "POST",
          .target = fmt::format("/v1/data_sets/{}/data{}", set.id, partial ? "?mode=partial" : ""),
          .body = chunk.body,
          .apply =
              [=](Model& model) {
                const Set* const found = model.find(set.id);
                if (found == nullptr) return 404;
                if (!found->closed_by.empty()) return 409;
                return partial ? model.add(set.id, records, chunk) : 400;
              },
          .check =
              [=](const std::string& body) {
                return !partial || !body.contains(R"("data":)") || rejected(body);
              }};
}

Player::Operation Player::close(const Set& set) {
  const bool as_service = chance(set.continuous ? 70 : 20);
  const std::string caller = as_service ? "service" : user_.id;
  return {.method = "PUT",
          .target = "/v1/data_sets/" + set.id,
          .body = set.continuous ? R"({"state":"closed"})" : R"({"dataState":"closed"})",
          .as_service = as_service,
          .apply = [=](Model& model) { return model.close(set.id, caller, as_service); }};
}

Player::Operation Player::remove(const Set& set) {
  Selector selector;
  selector.key = set.compares_origins() ? Selector::Key::kOrigin : Selector::Key::kId;
  if (chance(20)) selector.key = Selector::Key::kOrigin;
  std::string body = "[";
  for (int i = 0; i < 1 + pick(3); ++i) {
    std::string value = fmt::format("o{}", pick(kOrigins));
    if (selector.key == Selector::Key::kId) {
      value = fmt::format("{:032}", std::max(0, next_number_ - 1 - pick(20)));
    }
    body += i == 0 ? "" : ",";
    body += selector.key == Selector::Key::kId
                ? fmt::format(R"({{"id":"{}"}})", value)
                : fmt::format(R"({{"origin":{{"id":"{}"}}}})", value);
    selector.values.push_back(std::move(value));
  }
  return {.method = "DELETE",
          .target = fmt::format("/v1/data_sets/{}/data", set.id),
          .body = body + ']',
          .apply = [=](Model& model) { return model.remove(set.id, selector); }};
}

Player::Operation Player::remove_set(const Set& set) {
  return {.method = "DELETE",
          .target = "/v1/datasets/" + set.id,
          .as_service = chance(20),
          .apply = [=](Model& model) { return model.remove_set(set.id); }};
}

Player::Operation Player::restore(const Set& set) {
  std::string id = set.id;
  for (const Set& other : model_.sets()) {
    if (other.has_trash && chance(50)) id = other.id;
  }
  return {.method = "POST",
          .target = fmt::format("/v1/data_sets/{}/restore", id),
          .apply = [=](Model& model) { return model.restore(id); }};
}

Player::Operation Player::remove_sets() {
  const std::string client = chance(50) ? kClients[pick(2)] : "";
  const std::string device = client.empty() || chance(50) ? fmt::format("D{}", pick(2)) : "";
  const bool dry_run = chance(50);
  std::string query = fmt::format("dryRun={}", dry_run);
  if (!client.empty()) query += "&client.name=" + client;
  if (!device.empty()) query += "&deviceId=" + device;
  Model before = model_;
  const auto expected = before.remove_sets(client, device, true);
  return {.method = "DELETE",
          .target = fmt::format("/v1/users/{}/data_sets?{}", user_.id, query),
          .apply =
              [=](Model& model) {
                model.remove_sets(client, device, dry_run);
                return 200;
              },
          .check =
              [=](const std::string& body) {
                auto ids = ids_at(body, "/data/dataSets");
                std::ranges::sort(ids);
                return ids == expected;
              }};
}

Player::Operation Player::erase() {
  sent_.clear();
  const auto apply = [](Model& model) {
    model.erase();
    return 200;
  };
  if (chance(50)) {
    return {.method = "DELETE",
            .target = fmt::format("/v1/users/{}/data", user_.id),
            .as_service = true,
            .apply = apply};
  }
  return {.method = "POST",
          .target = fmt::format("/v1/users/{}/erase", user_.id),
          .body = fmt::format(R"({{"userId":"{}"}})", user_.id),
          .apply = apply};
}

Player::Operation Player::list() {
  const std::string client = chance(40) ? kClients[pick(2)] : "";
  const std::string device = chance(30) ? fmt::format("D{}", pick(2)) : "";
  const bool with_deleted = chance(50);
  std::string query = fmt::format("deleted={}", with_deleted);
  if (!client.empty()) query += "&client.name=" + client;
  if (!device.empty()) query += "&deviceId=" + device;
  const auto expected = model_.list(client, device, with_deleted);
  return {.method = "GET",
          .target = fmt::format("/v1/users/{}/data_sets?{}", user_.id, query),
          .apply = [](Model&) { return 200; },
          .check = [=](const std::string& body) { return ids_at(body, "") == expected; }};
}

Player::Operation Player::get(const Set& set) {
  const bool deleted = set.deleted;
  return {
      .method = "GET",
      .target = "/v1/data_sets/" + set.id,
      .apply = [=](Model& model) { return model.find(set.id) == nullptr ? 404 : 200; },
      .check = [=](const std::string& body) { return body.contains("deletedTime") == deleted; }};
}

Player::Operation Player::choose() {
  const auto& sets = model_.sets();
  Set set = sets[static_cast<size_t>(pick(static_cast<int>(sets.size())))];
  if (chance(2) && !model_.erased_set().empty()) {
    set = Set();
    set.id = model_.erased_set();
  }
  const int roll = pick(1000);
  if (roll < 420) return add(set);
  if (roll < 520) return repeat_add(set);
  if (roll < 570) return add_with_a_bad_record(set);
  if (roll < 670) return close(set);
  if (roll < 740) return remove(set);
  if (roll < 810) return remove_set(set);
  if (roll < 870) return restore(set);
  if (roll < 900) return remove_sets();
  if (roll < 908) return erase();
  if (roll < 960) return list();
  if (set.id == model_.erased_set()) return list();
  return get(set);
}

}  // namespace tideway::model

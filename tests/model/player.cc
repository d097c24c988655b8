#include "tests/model/player.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tests/e2e/json_text.h"

namespace tideway::model {
namespace {

constexpr int kConnections = 3;
constexpr size_t kHistoryBytes = 20'000;
constexpr const char* kPassword = "correct-horse";

}  // namespace

User make_user(Server& server, const std::string& email) {
  User user{.id = e2e::add_user(server.data_dir(), email, kPassword), .token = {}};
  e2e::ApiClient client(server.wait_for().port);
  if (client.log_in(email, kPassword).status != 200) throw std::runtime_error("no login: " + email);
  user.token = client.token;
  return user;
}

Player::Player(Server& server, User user, uint64_t seed)
    : server_(server), user_(std::move(user)), random_(seed), running_(server.wait_for()) {}

void Player::note(const Operation& operation) {
  if (last_.size() > kHistoryBytes) last_.erase(0, last_.find('\n', kHistoryBytes / 3) + 1);
  last_ += fmt::format("\n{} {} {}{}{}", operation.method, operation.target, operation.body,
                       operation.fields.empty() ? "" : " key",
                       operation.as_service ? " as service" : "");
}

void Player::note(std::string_view outcome) { last_ += fmt::format(" -> {}", outcome); }

void Player::differ(const std::string& what) {
  if (difference_.empty()) difference_ = fmt::format("{}\nafter:{}\n", what, last_);
}

std::optional<e2e::Reply> Player::ask(const Operation& operation) {
  while (clients_.size() < kConnections) {
    clients_.emplace_back(running_.port);
    clients_.back().token = user_.token;
  }
  e2e::ApiClient& client = clients_[static_cast<size_t>(pick(kConnections))];
  std::string fields = operation.fields;
  if (operation.as_service) fields += e2e::field("X-Tidepool-Service-Secret", kServiceSecret);
  auto reply = client.try_ask(operation.method, operation.target, operation.body, fields);
  if (reply) return reply;
  clients_.clear();
  running_ = server_.wait_for(running_.number);
  ++lost_answers_;
  return std::nullopt;
}

/// All that can be read, from one answer each; nothing when one of them is missing.
std::optional<Seen> Player::read() {
  const auto fetched = ask({.method = "GET", .target = "/data/" + user_.id, .apply = {}});
  const auto trash = ask({.method = "GET",
                          .target = fmt::format("/v1/users/{}/deleted_data_sets", user_.id),
                          .apply = {}});
  if (!fetched || !trash) return std::nullopt;
  if (fetched->status != 200 || trash->status != 200) {
    differ(fmt::format("reading: {} and {}", fetched->status, trash->status));
    return Seen();
  }
  Seen seen;
  const e2e::Json json(fetched->body);
  for (const auto element : json.root().get_array()) {
    const auto text = [&](const char* name) {
      return std::string(std::string_view(element[name].get_string()));
    };
    if (text("type") == "upload") {
      seen.sets[text("uploadId")] = !element["deletedTime"].error();
    } else {
      seen.records.emplace_back(text("uploadId"),
                                static_cast<int>(int64_t(element["payload"]["n"])));
    }
  }
  const e2e::Json deleted(trash->body);
  for (const auto element : deleted.at("/data").get_array()) {
    seen.trash.emplace_back(std::string_view(element["uploadId"].get_string()));
  }
  std::ranges::sort(seen.records);
  std::ranges::sort(seen.trash);
  return seen;
}

/// Reads everything and compares.
void Player::look() {
  std::optional<Seen> seen;
  while (!seen) seen = read();
  const Seen expected = model_.seen();
  if (*seen == expected || !difference_.empty()) return;
  differ(fmt::format("records {}\n     not {}\nsets {}\n  not {}\ntrash {}\n   not {}",
                     seen->records, expected.records, seen->sets, expected.sets, seen->trash,
                     expected.trash));
}

void Player::perform(const Operation& operation) {
  note(operation);
  Model after = model_;
  const int status = operation.apply(after);
  const auto reply = ask(operation);
  note(reply ? std::to_string(reply->status) : "answer lost");
  if (!reply) return resolve(operation, after, status);
  if (reply->status != static_cast<unsigned>(status)) {
    differ(fmt::format("status {} instead of {}: {}", reply->status, status, reply->body));
  } else if (operation.check && !operation.check(reply->body)) {
    differ("not the body to be expected: " + reply->body);
  }
  model_ = std::move(after);
}

void Player::resolve(const Operation& operation, const Model& after, int status) {
  while (difference_.empty()) {
    const auto seen = read();
    if (!seen) continue;
    const bool may_be_before = *seen == model_.seen();
    const bool may_be_after = *seen == after.seen();
    if (!may_be_before && !may_be_after) {
      differ(fmt::format("half of {} {} was done: {} {} {}", operation.method, operation.target,
                         seen->records, seen->sets, seen->trash));
    } else if (may_be_before && may_be_after) {
      const auto again = ask(operation);
      if (!again) continue;
      note(fmt::format("sent again, {}", again->status));
      if (again->status != static_cast<unsigned>(status)) {
        differ(fmt::format("status {} instead of {} when sent again", again->status, status));
      }
      model_ = after;
      return;
    } else {
      note(may_be_after ? "carried out" : "not carried out");
      if (may_be_after) model_ = after;
      return;
    }
  }
}

void Player::play(int operations) {
  try {
    play_on(operations);
  } catch (const std::exception& error) {  // an answer that is no JSON, or not of the form
    differ(error.what());
  }
}

void Player::play_on(int operations) {
  for (int i = 0; i < operations && difference_.empty(); ++i) {
    if (model_.sets().empty() || (model_.sets().size() < 8 && chance(12))) {
      create();
      continue;
    }
    const Operation operation = choose();
    perform(operation);
    const bool changes_much = operation.method == "PUT" || operation.method == "DELETE";
    if (chance(changes_much ? 60 : 15)) {
      look();
      ++i;
    }
  }
  look();
}

}  // namespace tideway::model

#include "load/uploader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace tideway::load {
namespace {

using Clock = Pacer::Clock;

/// How often what has to succeed is tried when the server is busy.
constexpr int kTriesMax = 20;
constexpr int kRestSecondsMax = 5;

bool is_busy(unsigned status) { return status == 503 || status == 429; }

std::string unexpected_answer(std::string_view what, const Answer& answer) {
  constexpr size_t kShownMax = 300;
  return fmt::format("{}: status {}: {}", what, answer.status, answer.body.substr(0, kShownMax));
}

}  // namespace

Person make_person(const Plan& plan, size_t number) {
  return Person(plan.seed, number, plan.mix[number % plan.mix.size()]);
}

size_t chunk_records(const Plan& plan, const Person& person) {
  return plan.chunk_records > 0 ? plan.chunk_records : usual_chunk_records(person.kind());
}

Uploader::Uploader(const Plan& plan, const std::vector<Account>& accounts,
                   std::shared_ptr<TlsContext> tls, Tally& tally, size_t first, size_t step,
                   size_t count)
    : plan_(plan), tally_(tally), client_(plan.url, std::move(tls), plan.patience) {
  for (size_t number = first; number < count; number += step) {
    turns_.push_back({.person = make_person(plan, number),
                      .number = number,
                      .account = accounts[number % accounts.size()],
                      .open_set = std::nullopt,
                      .chunk = {}});
  }
}

void Uploader::rest_after(const std::string& retry_after) {
  int seconds = 1;
  std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
  std::this_thread::sleep_for(std::chrono::seconds(std::clamp(seconds, 0, kRestSecondsMax)));
}

Uploader::Outcome Uploader::open_set(Turn& turn) {
  const auto answer =
      client_.send("POST", fmt::format("/v1/users/{}/datasets", turn.account.user_id),
                   turn.account.fields(), turn.person.data_set());
  if (!answer) {
    tally_.fail("opening a data set: " + answer.error());
    return Outcome::kFailed;
  }
  retry_after_ = answer->field("Retry-After");
  if (is_busy(answer->status)) return Outcome::kBusy;
  simdjson::dom::parser parser;
  std::string_view id;
  const simdjson::padded_string body(answer->body);
  if (answer->status != 201 ||
      parser.parse(body)["data"]["uploadId"].get(id) != simdjson::SUCCESS) {
    tally_.fail(unexpected_answer("opening a data set", *answer));
    return Outcome::kFailed;
  }
  turn.open_set = sets_.size();
  sets_.push_back({.person = turn.number,
                   .id = std::string(id),
                   .first_record = turn.next_record,
                   .chunks = {}});
  return Outcome::kDone;
}

Uploader::Outcome Uploader::close_set(const Account& account, SentSet& set) {
  const auto answer = client_.send("PUT", fmt::format("/v1/datasets/{}", set.id), account.fields(),
                                   R"({"dataState":"closed"})");
  if (!answer) {
    tally_.fail("closing a data set: " + answer.error());
    return Outcome::kFailed;
  }
  retry_after_ = answer->field("Retry-After");
  if (is_busy(answer->status)) return Outcome::kBusy;
  set.closed = answer->status == 200;
  if (!set.closed) tally_.fail(unexpected_answer("closing a data set", *answer));
  return set.closed ? Outcome::kDone : Outcome::kFailed;
}

void Uploader::prepare() {
  for (Turn& turn : turns_) {
    for (int i = 0; i < kTriesMax && open_set(turn) == Outcome::kBusy; ++i) {
      rest_after(retry_after_);
    }
  }
}

void Uploader::finish() {
  for (const Turn& turn : turns_) {
    if (!turn.person.closes_sets()) continue;
    for (SentSet& set : sets_) {
      if (set.person != turn.number || set.closed) continue;
      for (int i = 0; i < kTriesMax && close_set(turn.account, set) == Outcome::kBusy; ++i) {
        rest_after(retry_after_);
      }
    }
  }
}

void Uploader::upload(Pacer& pacer) {
  for (size_t i = 0; !turns_.empty(); i = (i + 1) % turns_.size()) {
    Turn& turn = turns_[i];
    if (turn.chunk.empty()) {
      turn.chunk = turn.person.chunk(turn.next_record, chunk_records(plan_, turn.person));
    }
    const auto due = pacer.next(Clock::now());
    if (!due) return;
    std::this_thread::sleep_until(*due);
    send_chunk(turn, *due, pacer.has_rate());
  }
}

void Uploader::send_chunk(Turn& turn, Clock::time_point due, bool has_rate) {
  const auto begin = has_rate ? due : Clock::now();
  if (!turn.open_set) {
    const Outcome opened = open_set(turn);
    if (opened == Outcome::kBusy) tally_.refused.record(Clock::now() - begin);
    if (opened == Outcome::kBusy && !has_rate) rest_after(retry_after_);
    if (opened != Outcome::kDone) return;
  }
  const auto answer =
      client_.send("POST", fmt::format("/v1/datasets/{}/data", sets_[*turn.open_set].id),
                   turn.account.fields(), turn.chunk);
  count(turn, answer, Clock::now() - begin);
  if (answer && is_busy(answer->status) && !has_rate) {
    rest_after(std::string(answer->field("Retry-After")));
  }
}

void Uploader::count(Turn& turn, const std::expected<Answer, std::string>& answer,
                     Histogram::Duration latency) {
  if (answer && is_busy(answer->status)) {
    tally_.refused.record(latency);
    return;  // the same chunk again when it is this person's turn
  }
  SentSet& set = sets_[*turn.open_set];
  const size_t records = chunk_records(plan_, turn.person);
  if (answer && answer->status == 200) {
    tally_.accepted.record(latency);
    tally_.records += records;
    tally_.bytes += turn.chunk.size();
    set.chunks.push_back(SentSet::Chunk::kAccepted);
  } else {
    tally_.fail(answer ? unexpected_answer("a chunk", *answer) : "a chunk: " + answer.error());
    set.chunks.push_back(SentSet::Chunk::kUnknown);
  }
  turn.next_record += records;
  turn.chunk.clear();
  if (!turn.person.closes_sets() || set.chunks.size() < plan_.chunks_a_set) return;
  // What is refused now is closed by finish().
  close_set(turn.account, set);
  turn.open_set.reset();
}

}  // namespace tideway::load

#include "load/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace tideway::load {
namespace {

constexpr size_t kConnections = 4;
constexpr int kTriesMax = 20;

Verification unreadable(std::string why) {
  return {.sets = 1, .unreadable = 1, .first_problem = std::move(why)};
}

Verification verify_set(HttpClient& client, const Plan& plan, const Account& account,
                        const SentSet& set) {
  const Person person = make_person(plan, set.person);
  if (person.closes_sets() && !set.closed) return unreadable("set " + set.id + " is not closed");
  std::expected<Answer, std::string> answer;
  for (int i = 0; i < kTriesMax; ++i) {
    answer = client.send("GET", fmt::format("/data/{}?uploadId={}", account.user_id, set.id),
                         account.fields());
    if (answer && answer->status != 503 && answer->status != 429) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  if (!answer) return unreadable(fmt::format("set {}: {}", set.id, answer.error()));
  if (answer->status != 200) {
    return unreadable(fmt::format("set {}: status {}", set.id, answer->status));
  }
  SetComparison comparison;
  size_t first = set.first_record;
  for (const SentSet::Chunk chunk : set.chunks) {
    const size_t count = chunk_records(plan, person);
    comparison.expect(person.chunk(first, count), chunk == SentSet::Chunk::kAccepted);
    first += count;
  }
  return comparison.compare(answer->body);
}

}  // namespace

Verification verify(const Plan& plan, const std::vector<Account>& accounts,
                    const std::shared_ptr<TlsContext>& tls, const std::vector<SentSet>& sets) {
  Verification result;
  std::mutex mutex;
  const size_t count = std::min(plan.verified_sets_max, sets.size());
  std::atomic<size_t> next = 0;
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < std::min(kConnections, count); ++i) {
    threads.emplace_back([&] {
      HttpClient client(plan.url, tls, plan.patience);
      for (size_t number = next++; number < count; number = next++) {
        const SentSet& set = sets[number * sets.size() / count];
        const auto found = verify_set(client, plan, accounts[set.person % accounts.size()], set);
        const std::lock_guard lock(mutex);
        result.add(found);
      }
    });
  }
  threads.clear();
  return result;
}

}  // namespace tideway::load

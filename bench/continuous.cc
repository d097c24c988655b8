// A continuous set in the long run: one record every five minutes for three years, each an upload
// of its own, found again by its origin id; beside it the same records uploaded in bulk. Everything
// but the sockets: bodies go through the whole API into a real store.
//
//   bench_continuous [UPLOADS] [DIRECTORY]
//
// Told in processor time, which hardly depends on what else the machine does. "all threads" also
// counts what the engine does behind an upload: flushing and compacting.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <memory>

#include "account/accounts.h"
#include "account/tokens.h"
#include "api/application.h"
#include "base/time.h"
#include "bench/fail.h"
#include "bench/report.h"
#include "bench/server.h"
#include "dataset/data_sets.h"
#include "store/rocksdb/rocksdb_store.h"

namespace tideway::bench {
namespace {

constexpr int64_t kFirstMs = 1'700'000'000'000;
constexpr int64_t kStepMs = 5 * 60 * 1000;
constexpr int kBulk = 1000;
constexpr int kWindow = 2000;  // uploads whose cost is told apart
constexpr int kFetches = 5;
constexpr std::string_view kSet =
    R"({"dataSetType":"continuous","client":{"name":"org.example.loop","version":"3.4.1"},)"
    R"("deduplicator":{"name":"org.tidepool.deduplicator.dataset.delete.origin"}})";

double cpu_seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// What `work` costs this thread, and all of the process.
struct Cost {
  double thread_s = 0;
  double process_s = 0;
};
Cost measure(const std::function<void()>& work) {
  const double thread = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  const double process = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  work();
  return {.thread_s = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - thread,
          .process_s = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - process};
}

std::string record(int number) {
  return fmt::format(
      R"({{"type":"cbg","time":"{}","units":"mg/dL","value":{},"deviceId":"loop-cgm",)"
      R"("timezoneOffset":60,"origin":{{"id":"b7a1{:08x}-cgm","name":"org.example.loop",)"
      R"("type":"application","version":"3.4.1"}}}})",
      format_utc_milliseconds(kFirstMs + number * kStepMs), 70 + number * 37 % 130,
      static_cast<uint32_t>(number) * 2'654'435'761U);
}

std::string records(int first, int count) {
  std::string body = "[";
  for (int i = 0; i < count; ++i) {
    if (i > 0) body += ',';
    body += record(first + i);
  }
  return body + ']';
}

/// The API above a store of its own.
class Bed {
 public:
  explicit Bed(const std::filesystem::path& directory)
      : scratch_(directory),
        store_(store::RocksDbStore::open((directory / "store").string()).value()),
        accounts_(*store_),
        tokens_(account::Tokens::open(*store_).value()),
        application_(api::Application::open(*store_, accounts_, *tokens_, {}).value()) {}

  server::Response ask(const std::string& user, std::string method, std::string path,
                       std::string body = {}) {
    server::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    std::string& token = tokens_of_[user];
    if (token.empty()) token = tokens_->issue(user, false, 1'000'000);
    request.headers.add("X-Tidepool-Session-Token", token);
    server::Response response = application_->handle(std::move(request));
    if (response.status >= 300) fail(fmt::format("{}: {}", response.status, response.body));
    if (response.when_kept) wait_until_kept(response);
    return response;
  }

  std::string open_set(const std::string& user) {
    const auto response = ask(user, "POST", "/v1/users/" + user + "/data_sets", std::string(kSet));
    return response.body.substr(response.body.find(R"("uploadId":")") + 12, 32);
  }

  void add(const std::string& user, const std::string& set, std::string body) {
    ask(user, "POST", "/v1/data_sets/" + set + "/data", std::move(body));
  }

  /// How many bytes a whole fetch gives.
  size_t fetch(const std::string& user) {
    server::Response response = ask(user, "GET", "/data/" + user);
    size_t bytes = response.body.size();
    std::string chunk;
    while (response.stream) {
      const auto next = response.stream->next(chunk);
      if (next == server::BodyStream::Next::kFailed) fail("fetch broken off");
      bytes += chunk.size();
      if (next == server::BodyStream::Next::kEnd) break;
    }
    return bytes;
  }

  uint32_t record_count(const std::string& set) {
    return dataset::DataSets::open(*store_).value()->find(set)->record_count;
  }

 private:
  static void wait_until_kept(server::Response& response) {
    std::promise<bool> kept;
    response.when_kept([&kept](bool is_kept) { kept.set_value(is_kept); });
    if (!kept.get_future().get()) fail("not kept");
  }

  Scratch scratch_;
  std::unique_ptr<store::RocksDbStore> store_;
  account::Accounts accounts_;
  std::unique_ptr<account::Tokens> tokens_;
  std::unique_ptr<api::Application> application_;
  std::map<std::string, std::string> tokens_of_;
};

/// Uploads one by one, telling what the first, the middle and the last ones cost.
void upload_singly(Report& report, Bed& bed, const std::string& user, const std::string& set,
                   int count, const std::string& what) {
  const int window = std::min(kWindow, count / 4);
  Cost all;
  int next = 0;
  const auto run = [&](int end, const std::string& name) {
    const int first = next;
    const Cost cost = measure([&] {
      for (; next < end; ++next) bed.add(user, set, records(next, 1));
    });
    all = {all.thread_s + cost.thread_s, all.process_s + cost.process_s};
    if (name.empty()) return;
    report.row(fmt::format("{}, {}", what, name),
               {cost.thread_s / (next - first) * 1e6, cost.process_s / (next - first) * 1e6});
  };
  run(window, fmt::format("the first {}", window));
  run(count / 2, "");
  run(count / 2 + window, fmt::format("{} in the middle", window));
  run(count - window, "");
  run(count, fmt::format("the last {}", window));
  report.row(what + ", all", {all.thread_s / count * 1e6, all.process_s / count * 1e6});
}

void upload_in_bulk(Report& report, Bed& bed, const std::string& user, const std::string& set,
                    int count, const std::string& what) {
  const Cost cost = measure([&] {
    for (int at = 0; at < count; at += kBulk) {
      bed.add(user, set, records(at, std::min(kBulk, count - at)));
    }
  });
  report.row(what, {cost.thread_s / count * 1e6, cost.process_s / count * 1e6});
}

void fetch(Report& report, Bed& bed, const std::string& user, const std::string& what) {
  std::vector<double> seconds;
  size_t bytes = 0;
  for (int i = 0; i < kFetches; ++i) {
    seconds.push_back(measure([&] { bytes = bed.fetch(user); }).thread_s);
  }
  const double middle = percentile(seconds, 0.5);
  report.row(what, {middle * 1e3, static_cast<double>(bytes) / middle / 1e6});
}

void expect_count(Bed& bed, const std::string& set, int count) {
  const uint32_t stored = bed.record_count(set);
  if (stored != static_cast<uint32_t>(count)) {
    fail(fmt::format("{} records stored instead of {}", stored, count));
  }
}

void run(Report& report, const std::filesystem::path& directory, int count) {
  Bed bed(directory / "continuous");
  const std::string one = "0a1b2c3d4e";
  const std::string bulk = "5e4d3c2b1a";
  const std::string set = bed.open_set(one);
  const std::string bulk_set = bed.open_set(bulk);
  report.section(fmt::format("{} records, by processor time", count),
                 {"µs a record", "µs, all threads"});
  upload_singly(report, bed, one, set, count, "one record an upload");
  upload_in_bulk(report, bed, bulk, bulk_set, count, "1000 records an upload");
  expect_count(bed, set, count);
  expect_count(bed, bulk_set, count);
  upload_singly(report, bed, one, set, count, "the same again, one by one");
  upload_in_bulk(report, bed, bulk, bulk_set, count, "the same again, in bulk");
  upload_in_bulk(report, bed, one, set, count, "what came one by one again, in bulk");
  expect_count(bed, set, count);
  expect_count(bed, bulk_set, count);
  report.section("fetching all of it", {"ms", "MB/s"});
  fetch(report, bed, one, "uploaded one by one");
  fetch(report, bed, bulk, "uploaded in bulk");
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 300'000;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("continuous");
  tideway::bench::run(report, directory, count);
  return report.write(directory) ? 0 : 1;
}

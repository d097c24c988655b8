// Batches of a closed loop, 50 dosing decisions of 8 KB and 100 status records each, into
// continuous sets; beside it what the same bytes cost without a server.
//
//   bench_closed_loop [SECONDS] [DIRECTORY]
#include <fmt/format.h>

#include <cstdlib>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/ingest_baselines.h"
#include "bench/report.h"
#include "bench/samples.h"
#include "bench/server.h"
#include "bench/swarm.h"

namespace tideway::bench {
namespace {

constexpr size_t kUsers = 16;

struct Loop {
  std::string id;
  int batches = 0;
};

void verify(const Server& server, const std::vector<Loop>& loops) {
  HttpClient client(server.port());
  for (size_t user = 0; user < kUsers; ++user) {
    const std::string body = Session(client, server.served_account(user)).fetch("").body();
    const size_t expected = static_cast<size_t>(loops[user].batches) * kClosedLoopRecords + 1;
    const size_t found = count_elements(body);
    if (found != expected) fail(fmt::format("{} elements instead of {}", found, expected));
    if (!body.contains("\"bgForecast\":[{\"time\":")) fail("a dosing decision lost its forecast");
  }
}

void measure(Report& report, double seconds, const std::filesystem::path& directory) {
  const std::string batch = closed_loop_batch();
  report.section(fmt::format("batches of {} KB, {} connections", batch.size() / 1000, kUsers),
                 {"MB/s", "batches/s", "records/s", "p99 ms", "MB/cpu s", "ratio"});
  Server server(directory / "closed_loop", 0);
  HttpClient client(server.port());
  Chunks chunks(batch, 1);
  std::vector<Loop> loops;
  for (size_t i = 0; i < kUsers; ++i) {
    loops.push_back({Session(client, server.served_account(i)).open_set(kContinuousSet)});
  }
  const auto begin = Clock::now();
  const double cpu_before = server.cpu_seconds();
  const SwarmTally tally =
      swarm(server.port(), kUsers, [&](size_t user, std::string_view, std::string& request) {
        if (seconds_between(begin, Clock::now()) >= seconds) return false;
        Loop& loop = loops[user];
        request = post(fmt::format("/v1/datasets/{}/data", loop.id),
                       server.served_account(user).fields(), chunks.chunk(loop.batches++));
        return true;
      });
  const double cpu = server.cpu_seconds() - cpu_before;
  const auto megabytes = static_cast<double>(tally.sent_bytes) / 1e6;
  const double rate = tally.per_second();
  report.row("tideway", {megabytes / tally.seconds, rate, rate * kClosedLoopRecords,
                         percentile(tally.latencies_s, 0.99) * 1e3, megabytes / cpu, 1});
  verify(server, loops);
  server.stop();

  const auto baseline = [&](const std::string& name, const Pace& pace) {
    report.row(name, {pace.chunks_per_s * static_cast<double>(batch.size()) / 1e6,
                      pace.chunks_per_s,
                      pace.chunks_per_s * kClosedLoopRecords,
                      pace.p99_s * 1e3,
                      {},
                      rate / pace.chunks_per_s});
  };
  std::string padded = batch;
  padded.reserve(batch.size() + 64);
  baseline("  simdjson parse and walk, 1 thread", parse_pace(padded, seconds / 4));
  baseline("  a server that only answers", sink_pace(batch, kUsers, seconds / 4));
  baseline("  RocksDB put and fsync, as many threads",
           rocksdb_pace(batch, kUsers, seconds / 4, directory / "rocksdb"));
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("closed_loop");
  tideway::bench::measure(report, seconds, directory);
  return report.write(directory) ? 0 : 1;
}

// Uploads: the built server on a real disk, durable commits, 1 to 16 connections; beside it what
// the same bytes cost without a server.
//
//   bench_ingest [SECONDS-A-ROW] [DIRECTORY]
//
// The server has a processor for itself where there are two; clients and baselines have the rest.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/ingest_baselines.h"
#include "bench/report.h"
#include "bench/server.h"

namespace tideway::bench {
namespace {

constexpr size_t kUsers = 16;
constexpr int kChunksASet = 20;
constexpr double kChunkRecords = 1000;

/// What is uploaded: a sample of 1000 records, how many days it spans, and how many records one
/// chunk becomes (a wizard with its bolus becomes two).
struct Load {
  std::string file;
  int days;
  size_t stored_records;
  std::string first_time;  ///< of a record of the sample
  std::string first_text;  ///< what its stored text has to hold
};

const std::vector<Load>& loads() {
  static const std::vector<Load> all = {
      {"cbg", 4, 1000, "2025-03-02T08:03:11.005Z", "\"value\":7.10496"},
      {"mixed", 17, 1150, "2025-03-02T08:42:22Z", "\"rate\":1.26"},
  };
  return all;
}

/// What one run did, gathered from all its connections.
struct Tally {
  std::mutex mutex;
  std::vector<double> latencies_s;
  std::vector<size_t> chunks_of_user = std::vector<size_t>(kUsers);
};

/// One connection: uploads data sets, for one user after the other, until the time is over. No set
/// stays empty, so that there is a latency to tell even when the time is short.
void upload(const Server& server, const Load& load, const std::string& sample,
            std::atomic<int>& next_set, Clock::time_point end, Tally& tally) {
  HttpClient client(server.port());
  Chunks chunks(sample, load.days);
  std::vector<double> latencies_s;
  std::vector<size_t> chunks_of_user(kUsers);
  do {
    const int set = next_set++;
    const size_t user = static_cast<size_t>(set) % kUsers;
    Session session(client, server.accounts()[user]);
    const std::string upload_id = session.open_set();
    for (int i = 0; i == 0 || (i < kChunksASet && Clock::now() < end); ++i) {
      latencies_s.push_back(session.add(upload_id, chunks.chunk(set * kChunksASet + i)));
      ++chunks_of_user[user];
    }
    session.close(upload_id);
  } while (Clock::now() < end);
  const std::scoped_lock lock(tally.mutex);
  tally.latencies_s.insert(tally.latencies_s.end(), latencies_s.begin(), latencies_s.end());
  for (size_t i = 0; i < kUsers; ++i) tally.chunks_of_user[i] += chunks_of_user[i];
}

/// Fetches all that was uploaded: nothing may be missing, and a record of the first chunk has to
/// look as it should.
void verify(const Server& server, const Load& load, const Tally& tally) {
  HttpClient client(server.port());
  for (size_t user = 0; user < kUsers; ++user) {
    const size_t chunks = tally.chunks_of_user[user];
    if (chunks == 0) continue;
    Session session(client, server.accounts()[user]);
    const std::string body = session.fetch("").body();
    const size_t sets = (chunks + kChunksASet - 1) / kChunksASet;
    const size_t found = count_elements(body);
    if (found < chunks * load.stored_records + sets) {
      fail(fmt::format("{}: {} elements, fewer than {} chunks", load.file, found, chunks));
    }
    if (user != 0) continue;
    const size_t at = body.find(fmt::format("\"time\":\"{}\"", load.first_time));
    const size_t line = body.rfind('\n', at);
    if (at == body.npos ||
        body.substr(line, body.find('\n', at) - line).find(load.first_text) == body.npos) {
      fail(load.file + ": the first record is not as it should be");
    }
  }
}

/// One row: `connections` upload for `seconds`.
void measure(Report& report, const Load& load, const std::string& sample, size_t connections,
             double seconds, const std::filesystem::path& directory) {
  Server server(directory / "ingest", kUsers);
  Tally tally;
  std::atomic<int> next_set = 0;
  const double cpu_before = server.cpu_seconds();
  const auto begin = Clock::now();
  const auto end =
      begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < connections; ++i) {
      threads.emplace_back([&] { upload(server, load, sample, next_set, end, tally); });
    }
  }
  const double took = seconds_between(begin, Clock::now());
  const double cpu = server.cpu_seconds() - cpu_before;
  const auto chunks = static_cast<double>(tally.latencies_s.size());
  report.row(fmt::format("tideway, {} connections", connections),
             {chunks * kChunkRecords / took, chunks / took,
              chunks * static_cast<double>(sample.size()) / took / 1e6,
              percentile(tally.latencies_s, 0.5) * 1e3, percentile(tally.latencies_s, 0.99) * 1e3,
              chunks * kChunkRecords / cpu, server.peak_mib()});
  verify(server, load, tally);
}

void measure(Report& report, const Load& load, double seconds,
             const std::filesystem::path& directory) {
  const std::string sample = read_padded(fmt::format("bench/data/{}-1000.json", load.file));
  report.section(load.file + "-1000.json",
                 {"records/s", "requests/s", "MB/s", "p50 ms", "p99 ms", "rec/cpu s", "peak MiB"});
  const auto baseline = [&](const std::string& name, const Pace& pace) {
    report.row(name, {pace.chunks_per_s * kChunkRecords,
                      pace.chunks_per_s,
                      pace.chunks_per_s * static_cast<double>(sample.size()) / 1e6,
                      pace.p50_s * 1e3,
                      pace.p99_s * 1e3,
                      {},
                      {}});
  };
  baseline("simdjson parse and walk, 1 thread", parse_pace(sample, seconds / 4));
  for (const size_t connections : {1u, 4u, 16u}) {
    baseline(fmt::format("sink over HTTP, {} connections", connections),
             sink_pace(sample, connections, seconds / 2));
    baseline(fmt::format("RocksDB put and fsync, {} threads", connections),
             rocksdb_pace(sample, connections, seconds / 2, directory / "rocksdb"));
    measure(report, load, sample, connections, seconds, directory);
  }
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("ingest");
  for (const auto& load : tideway::bench::loads()) {
    tideway::bench::measure(report, load, seconds, directory);
  }
  return report.write(directory) ? 0 : 1;
}

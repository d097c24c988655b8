// What a record costs as one account grows: uploading a chunk of 1000 readings, closing the set it
// came in, fetching the last readings.
//
//   bench_growth [CHUNKS-OF-1000-RECORDS] [DIRECTORY]
//
// Each row is the last tenth of the way from the one before to it, so that it shows that size.
#include <fmt/format.h>

#include <cstdlib>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/report.h"
#include "bench/server.h"

namespace tideway::bench {
namespace {

constexpr int kDays = 4;  // that a chunk spans
constexpr int kChunksASet = 10;
constexpr int kFetches = 20;

struct Cost {
  std::vector<double> add_s;
  std::vector<double> close_s;
};

/// Uploads the chunks from `begin` to `end`, in sets of kChunksASet.
Cost upload(Session& session, Chunks& chunks, int begin, int end) {
  Cost cost;
  for (int first = begin; first < end; first += kChunksASet) {
    const std::string id = session.open_set();
    for (int i = first; i < std::min(end, first + kChunksASet); ++i) {
      cost.add_s.push_back(session.add(id, chunks.chunk(i)));
    }
    const auto before = Clock::now();
    session.close(id);
    cost.close_s.push_back(seconds_between(before, Clock::now()));
  }
  return cost;
}

/// Milliseconds of a fetch that finds one chunk.
double fetch_ms(Session& session, const Chunks& chunks, int last) {
  const std::string query =
      fmt::format("?type=cbg&startDate={}T00:00:00Z", chunks.moved_date("2025-03-02", last));
  std::vector<double> seconds;
  for (int i = 0; i < kFetches; ++i) {
    const Answer& answer = session.fetch(query);
    seconds.push_back(answer.seconds);
    const size_t found = count_elements(answer.body());
    if (found != 1000) fail(fmt::format("{} records instead of 1000", found));
  }
  return percentile(seconds, 0.5) * 1e3;
}

void measure(Report& report, int chunk_count, const std::filesystem::path& directory) {
  Server server(directory / "growth", 1);
  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  Chunks chunks(read_padded("bench/data/cbg-1000.json"), kDays);
  report.section("one account, sets of 10 chunks",
                 {"add p50 ms", "close p50 ms", "fetch p50 ms", "records/cpu s", "RSS MiB"});
  int done = 0;
  for (int target = 10; done < chunk_count; target *= 10) {
    target = std::min(target, chunk_count);
    const int tail = std::max(kChunksASet, (target - done) / 10);
    upload(session, chunks, done, target - tail);
    const double cpu_before = server.cpu_seconds();
    const Cost cost = upload(session, chunks, std::max(done, target - tail), target);
    const double cpu = server.cpu_seconds() - cpu_before;
    const auto records = static_cast<double>(cost.add_s.size()) * 1000;
    done = target;
    report.row(fmt::format("{} records", done * 1000),
               {percentile(cost.add_s, 0.5) * 1e3, percentile(cost.close_s, 0.5) * 1e3,
                fetch_ms(session, chunks, done - 1), records / cpu, server.resident_mib()});
  }
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const int chunks = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("growth");
  tideway::bench::measure(report, chunks, directory);
  return report.write(directory) ? 0 : 1;
}

// Devices that send their whole memory each time: the same backlog uploaded twice. The baseline is
// the first time.
//
//   bench_backlog [CHUNKS-OF-1000-RECORDS] [DIRECTORY]
#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/report.h"
#include "bench/server.h"

namespace tideway::bench {
namespace {

constexpr size_t kUsers = 4;
constexpr int kDays = 4;  // that a chunk spans

/// One connection for each user: opens a set, uploads all chunks, closes.
void upload(const Server& server, const std::string& sample, int chunk_count) {
  std::vector<std::jthread> threads;
  for (const Account& account : server.accounts()) {
    threads.emplace_back([&, chunk_count] {
      HttpClient client(server.port());
      Session session(client, account);
      Chunks chunks(sample, kDays);
      const std::string id = session.open_set();
      for (int i = 0; i < chunk_count; ++i) session.add(id, chunks.chunk(i));
      session.close(id);
    });
  }
}

void measure(Report& report, int chunk_count, const std::filesystem::path& directory) {
  const std::string sample = read_padded("bench/data/cbg-1000.json");
  Server server(directory / "backlog", kUsers);
  const double records = static_cast<double>(kUsers) * chunk_count * 1000;
  report.section(fmt::format("{} backlogs of {} cbg records", kUsers, chunk_count * 1000),
                 {"records/s", "records/cpu s", "seconds", "x first", "x first cpu"});
  double first_s = 0;
  double first_cpu_s = 0;
  for (const char* const name : {"the first time", "again", "and again"}) {
    const double cpu_before = server.cpu_seconds();
    const auto begin = Clock::now();
    upload(server, sample, chunk_count);
    const double seconds = seconds_between(begin, Clock::now());
    const double cpu = server.cpu_seconds() - cpu_before;
    if (first_s == 0) {
      first_s = seconds;
      first_cpu_s = cpu;
    }
    report.row(name,
               {records / seconds, records / cpu, seconds, first_s / seconds, first_cpu_s / cpu});
  }
  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  const auto found = static_cast<int>(count_elements(session.fetch("?type=cbg").body()));
  if (found != chunk_count * 1000) fail(fmt::format("{} records count", found));
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const int chunks = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("backlog");
  tideway::bench::measure(report, chunks, directory);
  return report.write(directory) ? 0 : 1;
}

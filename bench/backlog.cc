// Devices that send their whole memory each time: the same backlog uploaded twice, into sets of
// their own, of which the later supersedes the earlier, and into one set that leaves out what it
// knows. The baseline is the first time.
//
//   bench_backlog [CHUNKS-OF-1000-RECORDS] [DIRECTORY]
#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/report.h"
#include "bench/server.h"

namespace tideway::bench {
namespace {

constexpr size_t kUsers = 4;
constexpr int kDays = 4;  // that a chunk spans

const std::string_view kDropSet =
    R"({"type":"upload","dataSetType":"continuous","deviceId":"DexG6Rec_8HT0421337",)"
    R"("client":{"name":"org.example.bench","version":"1.0.0"},)"
    R"("deduplicator":{"name":"org.tidepool.deduplicator.dataset.drop.hash"}})";

/// What one user does in one pass.
using Pass = std::function<void(Session&, Chunks&, std::string& set_id)>;

/// One connection for each user.
void upload(const Server& server, const std::string& sample, std::vector<std::string>& set_ids,
            const Pass& pass) {
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < kUsers; ++i) {
    threads.emplace_back([&, i] {
      HttpClient client(server.port());
      Session session(client, server.accounts()[i]);
      Chunks chunks(sample, kDays);
      pass(session, chunks, set_ids[i]);
    });
  }
}

void measure(Report& report, const std::string& title, int chunk_count,
             const std::filesystem::path& directory, const Pass& pass) {
  const std::string sample = read_padded("bench/data/cbg-1000.json");
  Server server(directory / "backlog", kUsers);
  const double records = static_cast<double>(kUsers) * chunk_count * 1000;
  report.section(title, {"records/s", "records/cpu s", "seconds", "x first", "x first cpu"});
  std::vector<std::string> set_ids(kUsers);
  double first_s = 0;
  double first_cpu_s = 0;
  for (const char* const name : {"the first time", "again", "and again"}) {
    const double cpu_before = server.cpu_seconds();
    const auto begin = Clock::now();
    upload(server, sample, set_ids, pass);
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

/// As the Uploader does: each time a set that is opened, filled and closed.
void measure_superseding(Report& report, int chunk_count, const std::filesystem::path& directory) {
  measure(report, fmt::format("{} backlogs of {} cbg records", kUsers, chunk_count * 1000),
          chunk_count, directory, [&](Session& session, Chunks& chunks, std::string&) {
            const std::string id = session.open_set();
            for (int i = 0; i < chunk_count; ++i) session.add(id, chunks.chunk(i));
            session.close(id);
          });
}

/// As apps do: all into the set that they opened once.
void measure_dropping(Report& report, int chunk_count, const std::filesystem::path& directory) {
  measure(report, "the same into one set of dataset.drop.hash", chunk_count, directory,
          [&](Session& session, Chunks& chunks, std::string& id) {
            if (id.empty()) id = session.open_set(kDropSet);
            for (int i = 0; i < chunk_count; ++i) session.add(id, chunks.chunk(i));
          });
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const int chunks = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("backlog");
  tideway::bench::measure_superseding(report, chunks, directory);
  tideway::bench::measure_dropping(report, chunks, directory);
  return report.write(directory) ? 0 : 1;
}

// Fetches: a year of glucose readings in full, its last 30 days, the latest record; beside it what
// the same bytes cost from the memory of a trivial server.
//
//   bench_fetch [ROUNDS] [DIRECTORY]
#include <fmt/format.h>

#include <cstring>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/fetch_blocks.h"
#include "bench/files.h"
#include "bench/report.h"
#include "bench/server.h"
#include "bench/sink_server.h"

namespace tideway::bench {
namespace {

constexpr int kYearRecords = 105'120;  // one every five minutes
constexpr int kChunkRecords = 1000;
constexpr int kDays = 4;  // that a chunk spans

/// The first `count` elements of a JSON array of records without nested objects.
std::string first_records(const std::string& array, int count) {
  size_t end = 0;
  for (int i = 0; i < count; ++i) end = array.find("},", end + 1);
  return array.substr(0, end + 1) + "]";
}

/// Uploads the year and gives the date of its last chunk.
std::string upload_year(Session& session, const std::string& sample) {
  Chunks chunks(sample, kDays);
  const std::string upload_id = session.open_set();
  const int full = kYearRecords / kChunkRecords;
  for (int i = 0; i < full; ++i) session.add(upload_id, chunks.chunk(i));
  session.add(upload_id, first_records(chunks.chunk(full), kYearRecords % kChunkRecords));
  session.close(upload_id);
  return chunks.moved_date("2025-03-02", full);
}

/// What the rounds of one query took, and what came back.
struct Fetched {
  std::vector<double> seconds;
  std::vector<double> first_byte_s;
  std::string body;
};

/// `send` makes one request.
template <class Send>
Fetched repeat(int rounds, Send send) {
  Fetched out;
  send();  // not counted: the client's buffer grows, caches fill
  for (int i = 0; i < rounds; ++i) {
    const Answer& answer = send();
    out.seconds.push_back(answer.seconds);
    out.first_byte_s.push_back(answer.first_byte_s);
    if (i + 1 == rounds) out.body = answer.body();
  }
  return out;
}

void add_row(Report& report, const std::string& name, const Fetched& fetched, size_t elements) {
  const double seconds = percentile(fetched.seconds, 0.5);
  report.row(
      name, {static_cast<double>(elements) / seconds,
             static_cast<double>(fetched.body.size()) / seconds / 1e6, seconds * 1e3,
             percentile(fetched.first_byte_s, 0.5) * 1e3, percentile(fetched.seconds, 0.99) * 1e3});
}

/// The same bytes: sent by a server that has them in memory, and copied within memory.
void add_baselines(Report& report, const std::string& body, size_t elements, int rounds) {
  {
    SinkServer server(body);
    HttpClient client(server.port());
    add_row(report, "  the same bytes from memory over HTTP",
            repeat(rounds, [&]() -> const Answer& { return client.send("GET", "/", {}); }),
            elements);
  }
  std::string copy(body.size(), ' ');
  Fetched copied{{}, {0}, body};
  for (int i = 0; i < rounds; ++i) {
    const auto begin = Clock::now();
    std::memcpy(copy.data(), body.data(), body.size());
    copied.seconds.push_back(seconds_between(begin, Clock::now()));
  }
  if (copy != body) fail("memcpy does not copy");
  add_row(report, "  memcpy of the same bytes", copied, elements);
}

void measure(Report& report, const Server& server, Session& session, const std::string& name,
             const std::string& query, int expected, int rounds) {
  const double cpu_before_s = server.cpu_seconds();
  const Fetched fetched = repeat(rounds, [&]() -> const Answer& { return session.fetch(query); });
  const double cpu_s = (server.cpu_seconds() - cpu_before_s) / (rounds + 1);
  const size_t elements = count_elements(fetched.body);
  if (expected >= 0 && elements != static_cast<size_t>(expected)) {
    fail(fmt::format("{}: {} elements instead of {}", name, elements, expected));
  }
  add_row(report, fmt::format("{}, {} records", name, elements), fetched, elements);
  report.note(
      fmt::format("{}: the server's processors worked {:.2f} ms for each, {:.2f} M records/s", name,
                  cpu_s * 1e3, static_cast<double>(elements) / cpu_s / 1e6));
  add_baselines(report, fetched.body, elements, rounds);
}

/// Months by turns, so many that the server has forgotten each before it is asked for again.
void measure_months(Report& report, Session& session, const Chunks& chunks, int rounds) {
  constexpr int kMonths = 12;
  int month = 0;
  const Fetched fetched = repeat(rounds * 10, [&]() -> const Answer& {
    const int first = 8 * (month++ % kMonths);
    return session.fetch(fmt::format("?type=cbg&startDate={}T00:00:00Z&endDate={}T00:00:00Z",
                                     chunks.moved_date("2025-03-02", first),
                                     chunks.moved_date("2025-03-02", first + 8)));
  });
  add_row(report, "months not read lately", fetched, count_elements(fetched.body));
}

void measure(Report& report, const std::filesystem::path& directory, int rounds) {
  Server server(directory / "fetch", 1);
  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  const std::string sample = read_padded("bench/data/cbg-1000.json");
  const std::string last_day = upload_year(session, sample);
  report.section("a year of cbg", {"records/s", "MB/s", "p50 ms", "first byte ms", "p99 ms"});
  measure(report, server, session, "all", "?type=cbg", kYearRecords, rounds);
  // A chunk spans 4 days of calendar with 3.5 days of readings: 30 days are 8 chunks back.
  Chunks chunks(sample, kDays);
  const std::string start = chunks.moved_date("2025-03-02", kYearRecords / kChunkRecords - 8);
  measure(report, server, session, "the last month",
          fmt::format("?type=cbg&startDate={}T00:00:00Z&endDate={}T00:00:00Z", start, last_day),
          8 * kChunkRecords, rounds * 10);
  measure_months(report, session, chunks, rounds);
  measure(report, server, session, "latest", "?type=cbg&latest=true", 1, rounds * 50);
  report.note(fmt::format("server's peak memory {:.0f} MiB", server.peak_mib()));
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 9;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("fetch");
  tideway::bench::measure(report, directory, rounds);
  tideway::bench::count_blocks(report, directory);
  return report.write(directory) ? 0 : 1;
}

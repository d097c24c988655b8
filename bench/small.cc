// Small uploads: 10 readings at a time on 64 connections into continuous sets, and single readings
// for many users, one after the other; beside it the same requests to a server that only answers,
// the same bodies written alone, and parsed alone.
//
//   bench_small [SECONDS-A-ROW] [DIRECTORY] [USERS]
#include <fmt/format.h>

#include <cstdlib>

#include "bench/fail.h"
#include "bench/ingest_baselines.h"
#include "bench/report.h"
#include "bench/samples.h"
#include "bench/server.h"
#include "bench/sink_server.h"
#include "bench/swarm.h"

namespace tideway::bench {
namespace {

constexpr size_t kConnections = 64;

/// A user's set and how many readings it has got.
struct Stream {
  std::string fields;
  std::string target;
  uint64_t readings = 0;
};

/// Opens a continuous set for each of `count` users.
std::vector<Stream> open_streams(const Server& server, size_t count) {
  HttpClient client(server.port());
  std::vector<Stream> streams;
  for (size_t i = 0; i < count; ++i) {
    const Account account = server.served_account(i);
    const std::string id = Session(client, account).open_set(kContinuousSet);
    streams.push_back({account.fields(), fmt::format("/v1/datasets/{}/data", id)});
  }
  return streams;
}

/// All connections take the users in turn, `size` readings a request, until the time is over.
SwarmTally upload(uint16_t port, std::vector<Stream>& streams, size_t size, double seconds) {
  size_t turn = 0;
  const auto begin = Clock::now();
  return swarm(port, kConnections, [&](size_t, std::string_view, std::string& request) {
    if (seconds_between(begin, Clock::now()) >= seconds) return false;
    Stream& stream = streams[turn++ % streams.size()];
    request = post(stream.target, stream.fields, readings(stream.readings, size));
    stream.readings += size;
    return true;
  });
}

void verify(const Server& server, const std::vector<Stream>& streams) {
  HttpClient client(server.port());
  for (size_t i = 0; i < streams.size(); i += std::max<size_t>(1, streams.size() / 50)) {
    Session session(client, server.served_account(i));
    const size_t found = count_elements(session.fetch("?type=cbg").body());
    if (found != streams[i].readings) {
      fail(fmt::format("user {}: {} records instead of {}", i, found, streams[i].readings));
    }
  }
}

void measure(Report& report, const std::string& name, size_t users, size_t size, double seconds,
             const std::filesystem::path& directory) {
  report.section(fmt::format("{}, {} connections", name, kConnections),
                 {"requests/s", "records/s", "p50 ms", "p99 ms", "req/cpu s", "ratio"});
  Server server(directory / "small", 0);
  std::vector<Stream> streams = open_streams(server, users);
  const double cpu_before = server.cpu_seconds();
  const SwarmTally tally = upload(server.port(), streams, size, seconds);
  const double cpu = server.cpu_seconds() - cpu_before;
  const double per_second = tally.per_second();
  report.row("tideway",
             {per_second, per_second * static_cast<double>(size),
              percentile(tally.latencies_s, 0.5) * 1e3, percentile(tally.latencies_s, 0.99) * 1e3,
              static_cast<double>(tally.latencies_s.size()) / cpu, 1});
  verify(server, streams);
  server.stop();

  const auto baseline = [&](const std::string& what, double rate, double p50_s, double p99_s) {
    report.row(
        what,
        {rate, rate * static_cast<double>(size), p50_s * 1e3, p99_s * 1e3, {}, per_second / rate});
  };
  {
    SinkServer sink("[]");
    const SwarmTally echo = upload(sink.port(), streams, size, seconds / 2);
    baseline("  a server that only answers", echo.per_second(), percentile(echo.latencies_s, 0.5),
             percentile(echo.latencies_s, 0.99));
  }
  const std::string body = readings(0, size);
  const Pace stored = rocksdb_pace(body, kConnections, seconds / 2, directory / "rocksdb");
  baseline("  RocksDB put and fsync, as many threads", stored.chunks_per_s, stored.p50_s,
           stored.p99_s);
  const Pace parsed = parse_pace(body, seconds / 4);
  baseline("  simdjson parse and walk, 1 thread", parsed.chunks_per_s, parsed.p50_s, parsed.p99_s);
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  const size_t users = argc > 3 ? static_cast<size_t>(std::atoll(argv[3])) : 10'000;
  tideway::bench::Report report("small");
  tideway::bench::measure(report, "10 records a request, 64 users", 64, 10, seconds, directory);
  tideway::bench::measure(report, fmt::format("1 record a request, {} users", users), users, 1,
                          seconds, directory);
  return report.write(directory) ? 0 : 1;
}

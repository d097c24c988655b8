#include "bench/ingest_baselines.h"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/fail.h"
#include "bench/http_client.h"
#include "bench/json_walk.h"
#include "bench/report.h"
#include "bench/server.h"
#include "bench/sink_server.h"

namespace tideway::bench {
namespace {

/// A thread's own state, made in that thread, as a function that deals with one body.
using Step = std::function<void()>;

/// Runs the steps of `threads` threads, over and over, until `seconds` have gone.
Pace pace_of(size_t threads, double seconds, const std::function<Step()>& make_step) {
  std::mutex mutex;
  std::vector<double> latencies_s;
  const auto begin = Clock::now();
  const auto run = [&] {
    const Step step = make_step();
    std::vector<double> own_s;
    for (auto now = Clock::now(); seconds_between(begin, now) < seconds;) {
      step();
      const auto after = Clock::now();
      own_s.push_back(seconds_between(now, after));
      now = after;
    }
    const std::scoped_lock lock(mutex);
    latencies_s.insert(latencies_s.end(), own_s.begin(), own_s.end());
  };
  {
    std::vector<std::jthread> running;
    for (size_t i = 0; i < threads; ++i) running.emplace_back(run);
  }
  const double took = seconds_between(begin, Clock::now());
  return {static_cast<double>(latencies_s.size()) / took, percentile(latencies_s, 0.5),
          percentile(latencies_s, 0.99)};
}

}  // namespace

Pace parse_pace(const std::string& body, double seconds) {
  return pace_of(1, seconds, [&]() -> Step {
    const auto walk = std::make_shared<JsonWalk>();
    return [&body, walk] {
      if (walk->walk(body) == 0) fail("nothing to walk");
    };
  });
}

Pace sink_pace(const std::string& body, size_t connections, double seconds) {
  SinkServer server("[]");
  return pace_of(connections, seconds, [&]() -> Step {
    const auto client = std::make_shared<HttpClient>(server.port());
    return [&body, client] {
      if (client->send("POST", "/", {}, body).status != 200) fail("the sink refuses");
    };
  });
}

Pace rocksdb_pace(const std::string& body, size_t threads, double seconds,
                  const std::filesystem::path& directory) {
  const Scratch scratch(directory);
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(options, directory, &opened);
  if (!status.ok()) fail(status.ToString());
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::atomic<uint64_t> next_key = 0;
  return pace_of(threads, seconds, [&]() -> Step {
    return [&] {
      rocksdb::WriteOptions write;
      write.sync = true;
      rocksdb::WriteBatch batch;
      batch.Put(fmt::format("{:016x}", next_key++), body);
      if (!db->Write(write, &batch).ok()) fail("RocksDB refuses");
    };
  });
}

}  // namespace tideway::bench

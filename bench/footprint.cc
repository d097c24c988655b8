// What data occupies, and how long a start takes: disk for each glucose reading after compaction;
// start on that store; recovery after a kill, for each GiB of log.
//
//   bench_footprint [CHUNKS-OF-1000-RECORDS] [DIRECTORY]
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/options_util.h>

#include <cstdlib>
#include <memory>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/report.h"
#include "bench/server.h"

namespace tideway::bench {
namespace {

constexpr int kDays = 4;  // that a chunk spans
constexpr int kChunksASet = 100;
constexpr double kChunkRecords = 1000;
constexpr double kMiB = 1 << 20;
constexpr double kGiB = 1 << 30;

void upload(Server& server, int begin, int end) {
  const std::string sample = read_padded("bench/data/cbg-1000.json");
  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  Chunks chunks(sample, kDays);
  for (int first = begin; first < end; first += kChunksASet) {
    const std::string id = session.open_set();
    for (int i = first; i < std::min(end, first + kChunksASet); ++i) {
      session.add(id, chunks.chunk(i));
    }
    session.close(id);
  }
}

/// Compacts all there is, as the engine does by and by. The server must be stopped.
void compact(const std::filesystem::path& directory) {
  rocksdb::DBOptions options;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  rocksdb::ConfigOptions config;
  config.ignore_unknown_options = true;
  auto status = rocksdb::LoadLatestOptions(config, directory, &options, &families);
  if (!status.ok()) fail(status.ToString());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  status = rocksdb::DB::Open(options, directory, families, &handles, &opened);
  if (!status.ok()) fail(status.ToString());
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::CompactRangeOptions all;
  all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  status = db->CompactRange(all, nullptr, nullptr);
  for (rocksdb::ColumnFamilyHandle* const handle : handles) db->DestroyColumnFamilyHandle(handle);
  if (!status.ok()) fail(status.ToString());
}

void measure_disk(Report& report, Server& server, int chunks) {
  upload(server, 0, chunks);
  const double records = chunks * kChunkRecords;
  const double log = bytes_below(server.directory(), ".log");
  const double recovery_s = server.kill_and_start();
  server.stop();
  const double as_it_came = bytes_below(server.directory());
  compact(server.directory() / "data");
  const double compacted = bytes_below(server.directory(), ".sst");
  const double start_s = server.start();

  report.section(fmt::format("disk of {} cbg records", chunks * 1000), {"bytes/record", "MiB"});
  report.row("compacted", {compacted / records, compacted / kMiB});
  report.row("as it came", {as_it_came / records, as_it_came / kMiB});
  report.section("start", {"seconds", "MiB", "s per GiB"});
  report.row("an existing store, compacted", {start_s, compacted / kMiB, {}});
  // What a start takes in any case is no part of the recovery.
  report.row("after a kill, from the log",
             {recovery_s, log / kMiB, std::max(0.0, recovery_s - start_s) / (log / kGiB)});

  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  const auto found = count_elements(session.fetch("?type=cbg").body());
  if (found != static_cast<size_t>(records)) fail(fmt::format("{} records are left", found));
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const int chunks = argc > 1 ? std::atoi(argv[1]) : 1000;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("footprint");
  tideway::bench::Server server(std::filesystem::path(directory) / "footprint", 1);
  tideway::bench::measure_disk(report, server, chunks);
  return report.write(directory) ? 0 : 1;
}

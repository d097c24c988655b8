// How long a start takes on a store of some size, which is filled with records that hardly
// compress.
//
//   bench_start [GIB] [DIRECTORY]
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "base/time.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/report.h"
#include "bench/server.h"

namespace tideway::bench {
namespace {

constexpr size_t kChunkRecords = 300;
constexpr size_t kNoiseBytes = 3000;
constexpr int kChunksASet = 100;
constexpr int64_t kBeginMs = 1'420'070'400'000;  // 2015
constexpr double kGiB = 1 << 30;

std::string noise(std::mt19937_64& random) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text(kNoiseBytes, ' ');
  for (char& c : text) c = kLetters[random() % kLetters.size()];
  return text;
}

/// Readings a second apart, each with noise beside it.
std::string chunk(size_t number, std::mt19937_64& random) {
  std::string out = "[";
  for (size_t i = 0; i < kChunkRecords; ++i) {
    const auto second = static_cast<int64_t>(number * kChunkRecords + i);
    out += fmt::format(R"({}{{"type":"cbg","units":"mg/dL","value":120,"time":"{}",)"
                       R"("deviceId":"sensor","payload":{{"noise":"{}"}}}})",
                       i > 0 ? "," : "", format_utc_milliseconds(kBeginMs + second * 1000),
                       noise(random));
  }
  return out + ']';
}

/// Returns how many records it took.
size_t fill(Server& server, double size_bytes) {
  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  std::mt19937_64 random(1);
  size_t chunks = 0;
  while (bytes_below(server.directory(), ".sst") < size_bytes) {
    const std::string id = session.open_set();
    for (int i = 0; i < kChunksASet; ++i) session.add(id, chunk(chunks++, random));
    session.close(id);
  }
  return chunks * kChunkRecords;
}

/// Takes the files out of the page cache, as after a start of the machine.
void forget_files(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const int file = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(entry.path().string());
    fsync(file);
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    close(file);
  }
}

void measure(Report& report, double size_bytes, const std::filesystem::path& directory) {
  Server server(directory / "start", 1);
  const size_t records = fill(server, size_bytes);
  report.section(fmt::format("start on {} records", records), {"seconds", "GiB"});
  server.stop();
  const double gib = bytes_below(server.directory()) / kGiB;
  report.row("stopped before", {server.start(), gib});
  server.stop();
  forget_files(server.directory());
  report.row("the same, with no file in the page cache", {server.start(), gib});
  report.row("killed before", {server.kill_and_start(), gib});

  HttpClient client(server.port());
  Session session(client, server.accounts().front());
  if (count_elements(session.fetch("?latest=1&type=cbg").body()) != 1) fail("no latest record");
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const double gib = argc > 1 ? std::atof(argv[1]) : 10;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("start");
  tideway::bench::measure(report, gib * tideway::bench::kGiB, directory);
  return report.write(directory) ? 0 : 1;
}

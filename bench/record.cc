// The record library alone, on one core: from the bytes of a body to checked, normalised records
// with their identity hashes, beside the bare parsing of the same bytes.
//
//   bench_record [SECONDS-A-ROW] [DIRECTORY-FOR-JSON]
//
// Time is that of the thread, not of the clock on the wall, and the rounds of a table take turns:
// a busy machine disturbs all rows alike.
#include <fmt/format.h>
#include <time.h>

#include <cstdlib>
#include <functional>

#include "bench/files.h"
#include "bench/json_walk.h"
#include "bench/report.h"
#include "record/batch.h"
#include "record/identity.h"

namespace tideway::bench {
namespace {

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// One way to treat a body, and what each round of it took.
struct Contender {
  std::string name;
  std::function<uint64_t()> run;
  std::vector<double> seconds = {};
};

/// Rounds of all contenders in turn, until each had `budget_seconds`. The sum of what they return
/// keeps the compiler from dropping the work.
uint64_t compete(std::vector<Contender>& contenders, double budget_seconds) {
  uint64_t sum = 0;
  for (double spent = 0; spent < budget_seconds;) {
    for (Contender& contender : contenders) {
      const double begin = thread_seconds();
      sum += contender.run();
      contender.seconds.push_back(thread_seconds() - begin);
    }
    spent += contenders.back().seconds.back();
  }
  return sum;
}

uint64_t read(record::Reader& reader, const std::string& body, bool with_identity) {
  const auto batch = reader.read(body, {.with_identity = with_identity});
  if (!batch) {
    fmt::print(stderr, "the body is refused: {}\n", error_body(batch.error().errors));
    std::exit(1);
  }
  return batch->records.size();
}

uint64_t read_and_hash(record::Reader& reader, const std::string& body) {
  const auto batch = reader.read(body, {.with_identity = true});
  std::vector<record::IdentitySource> sources;
  sources.reserve(batch->records.size());
  for (const auto& record : batch->records) sources.push_back({record.device_id, record.identity});
  std::vector<record::IdentityHash> hashes(sources.size());
  record::identity_hashes("0123456789", sources, hashes);
  return hashes.front()[0];
}

void measure(Report& report, const std::string& file, double budget_seconds) {
  const std::string body = read_padded("bench/data/" + file + "-1000.json");
  constexpr double kRecords = 1000;
  JsonWalk walk;
  record::Reader reader;
  std::vector<Contender> contenders = {
      {"raw simdjson parse and walk", [&] { return walk.walk(body); }},
      {"read: parse, check, normalise, write", [&] { return read(reader, body, false); }},
      {"… and identity text", [&] { return read(reader, body, true); }},
      {"… and its SHA-256", [&] { return read_and_hash(reader, body); }},
  };
  const uint64_t sum = compete(contenders, budget_seconds);
  report.section(file + "-1000.json, one core",
                 {"records/s", "MB/s", "ns/record", "share of raw", "best rec/s"});
  const double raw = percentile(contenders.front().seconds, 0.5);
  for (const Contender& contender : contenders) {
    const double seconds = percentile(contender.seconds, 0.5);
    report.row(
        contender.name,
        {kRecords / seconds, static_cast<double>(body.size()) / seconds / 1e6,
         seconds / kRecords * 1e9, raw / seconds, kRecords / percentile(contender.seconds, 0)});
  }
  report.note(fmt::format("median of {} rounds; {} bytes; sum {}",
                          contenders.front().seconds.size(), body.size(), sum % 1000));
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  tideway::bench::Report report("record");
  for (const std::string file : {"cbg", "mixed"}) tideway::bench::measure(report, file, seconds);
  return report.write(argc > 2 ? argv[2] : "build/bench") ? 0 : 1;
}

// Overload: what a server still does that is asked four times as often as it can answer, and how
// soon it is itself again afterwards.
//
//   bench_overload [SECONDS-A-PHASE] [DIRECTORY]
//
// The server has one processor, the load the others. The baseline is the server's own best: as many
// chunks as it accepts from clients that wait for their answers, the mean of before and after.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/fail.h"
#include "bench/processors.h"
#include "bench/report.h"
#include "bench/server.h"
#include "load/run.h"
#include "tests/e2e/daemon.h"

namespace tideway::bench {
namespace {

constexpr double kOverload = 4;
constexpr auto kLate = std::chrono::milliseconds(50);
constexpr auto kRest = std::chrono::seconds(5);
constexpr size_t kAccepted = 2;  ///< columns
constexpr size_t kOfPeak = 3;

struct Scene {
  std::string name;
  load::Kind kind;
  size_t chunk_records;
  size_t peak_connections;
  size_t overload_connections;  ///< as many as can wait without the load falling behind
};

load::Plan plan_for(const Scene& scene, uint16_t port, double seconds) {
  load::Plan plan;
  plan.url = {.host = "127.0.0.1", .port = std::to_string(port), .prefix = {}};
  plan.who.registers = true;
  plan.who.password = "for-benchmarks";
  plan.users = 16;
  plan.connections = scene.peak_connections;
  plan.mix = {scene.kind};
  plan.chunk_records = scene.chunk_records;
  plan.duration = std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  plan.verified_sets_max = 64;
  return plan;
}

class Bench {
 public:
  Bench(Report& report, const Scene& scene, double seconds, const std::filesystem::path& directory)
      : report_(report),
        scratch_(directory / "overload"),
        daemon_(scratch_.path(), {"--log-level", "warn", "--registration", "open",
                                  "--requests-per-minute-max", "0"}),
        base_(plan_for(scene, daemon_.port(), seconds)) {
    auto load = load::Load::prepare(base_);
    if (!load) fail(load.error());
    load_ = *std::move(load);
    report_.section(scene.name + (processors_.are_separate() ? ", server on one processor"
                                                             : ", all on the same processors"),
                    {"offered/s", "asked/s", "accepted/s", "of the peak", "/cpu s", "p50 ms",
                     "p99 ms", "refused p99", "peak MiB"});
  }

  /// Chunks accepted a second.
  double run(const std::string& name, double rate, size_t connections, bool may_refuse) {
    load::Plan plan = base_;
    plan.rate = rate;
    plan.connections = connections;
    plan.seed = ++seed_;
    if (may_refuse) plan.late_max = kLate;
    double cpu = 0;
    plan.on_begin = [&] { cpu = cpu_seconds(daemon_.pid()); };
    plan.on_end = [&] { cpu = cpu_seconds(daemon_.pid()) - cpu; };
    const auto result = load_.run(plan);
    if (!result) fail(result.error());
    const load::Tally& tally = *result->tally;
    if (!result->passed()) {
      fail(fmt::format("{}: {} failed ({}), {}", name, tally.failed.load(), tally.first_failure(),
                       result->verification.first_problem));
    }
    const auto accepted = static_cast<double>(tally.accepted.count());
    const auto asked = accepted + static_cast<double>(tally.refused.count());
    const double per_second = accepted / result->seconds;
    rows_.push_back(
        {name,
         {rate > 0 ? rate : per_second, asked / result->seconds, per_second, Number(),
          accepted / cpu, tally.accepted.quantile_ms(0.5), tally.accepted.quantile_ms(0.99),
          may_refuse ? Number(tally.refused.quantile_ms(0.99)) : Number(),
          static_cast<double>(daemon_.resident_peak_bytes()) / (1 << 20)}});
    if (tally.unsent > 0) {
      notes_.push_back(fmt::format("{}: {} chunks were due while all {} connections waited", name,
                                   tally.unsent.load(), connections));
    }
    return per_second;
  }

  void report(double peak) {
    for (auto& [name, numbers] : rows_) {
      numbers[kOfPeak] = *numbers[kAccepted] / peak;
      report_.row(name, numbers);
    }
    for (const std::string& note : notes_) report_.note(note);
  }

 private:
  Report& report_;
  Scratch scratch_;
  e2e::Daemon daemon_;
  const SeparateProcessors processors_{daemon_.pid()};
  load::Plan base_;
  load::Load load_;
  uint64_t seed_ = 0;
  std::vector<std::pair<std::string, std::vector<Number>>> rows_;
  std::vector<std::string> notes_;
};

void measure(Report& report, const Scene& scene, double seconds,
             const std::filesystem::path& directory) {
  Bench bench(report, scene, seconds, directory);
  const size_t few = scene.peak_connections;
  // An empty store has nothing to compact yet: that is not what overload can be compared with.
  bench.run("clients that wait for answers, first", 0, few, false);
  const double peak = bench.run("peak: the same when there is something", 0, few, false);
  bench.run("a quarter of it, before", peak / 4, few, false);
  bench.run("four times the peak", kOverload * peak, scene.overload_connections, true);
  std::this_thread::sleep_for(kRest);
  bench.run("a quarter of it, 5 s after", peak / 4, few, false);
  // Machines change their pace within a minute: what is compared with is measured on both sides.
  const double peak_after = bench.run("peak, again", 0, few, false);
  bench.report((peak + peak_after) / 2);
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  using tideway::load::Kind;
  const double seconds = argc > 1 ? std::atof(argv[1]) : 8;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  tideway::bench::Report report("overload");
  for (const tideway::bench::Scene& scene : {
           tideway::bench::Scene{"chunks of 1000 records", Kind::kPump, 1000, 32, 1024},
           tideway::bench::Scene{"chunks of 10 records", Kind::kCgm, 10, 64, 2048},
       }) {
    tideway::bench::measure(report, scene, seconds, directory);
  }
  return report.write(directory) ? 0 : 1;
}

// Slow and hostile clients: what normal ones notice of them, and what they cost in memory.
//
//   bench_hostile [SECONDS-A-ROW] [DIRECTORY] [CONNECTIONS]
//
// The baseline is the same normal traffic alone, in the same run. Needs ulimit -n of twice the
// connections, 10,000 unless said otherwise.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <thread>

#include "bench/fail.h"
#include "bench/hostile_clients.h"
#include "bench/report.h"
#include "bench/server.h"
#include "load/run.h"
#include "tests/e2e/daemon.h"

namespace tideway::bench {
namespace {

constexpr double kNormalRate = 200;
constexpr auto kSettling = std::chrono::seconds(3);
constexpr size_t kReaders = 500;
constexpr size_t kHalfClosed = 1000;

class Bench {
 public:
  Bench(Report& report, double seconds, const std::filesystem::path& directory)
      : report_(report),
        scratch_(directory / "hostile"),
        daemon_(scratch_.path(), {"--log-level", "warn", "--registration", "open",
                                  "--requests-per-minute-max", "0"}) {
    plan_.url = {.host = "127.0.0.1", .port = std::to_string(port()), .prefix = {}};
    plan_.who.registers = true;
    plan_.who.password = "for-benchmarks";
    plan_.rate = kNormalRate;
    plan_.mix = {load::Kind::kCgm};
    plan_.duration = std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
    auto load = load::Load::prepare(plan_);
    if (!load) fail(load.error());
    load_ = *std::move(load);
    HttpClient client(port());
    victim_ = create_account(client, "victim@example.com");
  }

  uint16_t port() const { return daemon_.port(); }
  const Account& victim() const { return victim_; }

  /// Begins when the server has taken in all that was opened before.
  void run(const std::string& name) {
    std::this_thread::sleep_for(kSettling);
    load::Plan plan = plan_;
    plan.seed = ++seed_;
    const auto result = load_.run(plan);
    if (!result) fail(result.error());
    const load::Tally& tally = *result->tally;
    if (!result->passed()) {
      fail(fmt::format("{}: {} failed ({}), {}", name, tally.failed.load(), tally.first_failure(),
                       result->verification.first_problem));
    }
    const double p99 = tally.accepted.quantile_ms(0.99);
    if (alone_p99_ == 0) alone_p99_ = p99;
    report_.row(name, {static_cast<double>(tally.accepted.count()) / result->seconds,
                       static_cast<double>(tally.refused.count()) / result->seconds,
                       tally.accepted.quantile_ms(0.5), p99, p99 / alone_p99_,
                       static_cast<double>(daemon_.resident_bytes()) / (1 << 20),
                       static_cast<double>(daemon_.resident_peak_bytes()) / (1 << 20)});
  }

 private:
  Report& report_;
  Scratch scratch_;
  e2e::Daemon daemon_;
  load::Plan plan_;
  load::Load load_;
  Account victim_;
  double alone_p99_ = 0;
  uint64_t seed_ = 0;
};

/// Many ask for a history of 50 MB and never take it.
void ask_and_never_read(const Bench& bench, Connections& readers) {
  const std::string ask = fmt::format(
      "GET /data/{} HTTP/1.1\r\nHost: localhost\r\nX-Tidepool-Session-Token: {}\r\n\r\n",
      bench.victim().user_id, bench.victim().token);
  for (size_t i = 0; i < kReaders; ++i) readers.open(ask, 4096);
}

void fill(const Bench& bench) {
  HttpClient client(bench.port());
  Session session(client, bench.victim());
  const std::string set = session.open_set();
  const load::Person person(1, 0, load::Kind::kLoop);
  for (size_t i = 0; i < 100; ++i) session.add(set, person.chunk(i * 300, 300));
  session.close(set);
}

void close_half(Connections& half) {
  for (size_t i = 0; i < kHalfClosed; ++i) {
    half.open(i % 2 == 0 ? "" : "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-");
    half.end_output(i);
  }
}

void measure(Report& report, double seconds, const std::filesystem::path& directory,
             size_t connections) {
  Bench bench(report, seconds, directory);
  report.section(fmt::format("normal traffic of {} chunks/s beside", kNormalRate),
                 {"accepted/s", "refused/s", "p50 ms", "p99 ms", "p99 ratio", "MiB", "peak MiB"});
  fill(bench);
  bench.run("nobody (the baseline)");
  {
    const Drips drips(bench.port(), connections);
    bench.run(fmt::format("{} that send a byte every 10 s", connections));
  }
  {
    Connections readers(bench.port());
    ask_and_never_read(bench, readers);
    bench.run(fmt::format("{} that ask for 50 MB and never read", kReaders));
  }
  {
    Connections half(bench.port());
    close_half(half);
    bench.run(fmt::format("{} half-closed ones", kHalfClosed));
  }
  {
    const Drips drips(bench.port(), connections - kReaders - kHalfClosed);
    Connections readers(bench.port());
    ask_and_never_read(bench, readers);
    Connections half(bench.port());
    close_half(half);
    bench.run("all of them at once");
  }
  bench.run("nobody again");
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 15;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  const size_t connections = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10'000;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  tideway::bench::Report report("hostile");
  tideway::bench::measure(report, seconds, directory, connections);
  return report.write(directory) ? 0 : 1;
}

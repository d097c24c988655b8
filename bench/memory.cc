// Resident memory: of a server at rest, and for each idle connection.
//
//   bench_memory [CONNECTIONS] [DIRECTORY]
//
// The baseline of a connection is what the kernel keeps for it, in the same run.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "bench/hostile_clients.h"
#include "bench/report.h"
#include "bench/server.h"
#include "tests/e2e/daemon.h"

namespace tideway::bench {
namespace {

const std::string kRequest = "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Of both ends of all TCP connections of the machine, without the sockets' own structures.
double kernel_tcp_mib() {
  std::ifstream file("/proc/net/sockstat");
  for (std::string word; file >> word;) {
    double pages = 0;
    if (word == "mem" && file >> pages) return pages * 4096 / (1 << 20);
  }
  return 0;
}

void measure(Report& report, size_t connections, const std::filesystem::path& directory) {
  const Scratch scratch(directory / "memory");
  e2e::Daemon daemon(scratch.path(), {"--log-level", "warn"});
  report.section("resident memory", {"MiB", "bytes a connection", "kernel MiB"});
  const auto resident = [&] { return static_cast<double>(daemon.resident_bytes()); };
  const auto settle = [] { std::this_thread::sleep_for(std::chrono::milliseconds(500)); };
  const auto per_connection = [&](double before) {
    return (resident() - before) / static_cast<double>(connections);
  };
  settle();
  const double idle = resident();
  report.row("started, nothing asked", {idle / (1 << 20), {}, kernel_tcp_mib()});

  Connections clients(daemon.port());
  for (size_t i = 0; i < connections; ++i) clients.open("");
  settle();
  report.row(fmt::format("{} connections, nothing asked", connections),
             {resident() / (1 << 20), per_connection(idle), kernel_tcp_mib()});
  clients.close_all();
  settle();

  for (size_t i = 0; i < connections; ++i) {
    clients.open(kRequest);
    clients.await_answer(i);
  }
  settle();
  report.row(fmt::format("{} connections after a request each", connections),
             {resident() / (1 << 20), per_connection(idle), kernel_tcp_mib()});
  clients.close_all();
  settle();
  report.row("all of them closed", {resident() / (1 << 20), {}, kernel_tcp_mib()});
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const size_t connections = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const std::string directory = argc > 2 ? argv[2] : "build/bench";
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  tideway::bench::Report report("memory");
  tideway::bench::measure(report, connections, directory);
  return report.write(directory) ? 0 : 1;
}

#include "bench/server.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "bench/fail.h"

namespace tideway::bench {

Scratch::Scratch(std::filesystem::path path) : path_(std::move(path)) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

namespace {

/// Puts the calling thread, and what it starts from now on, on the first processor or the others.
void use_processors(bool first) {
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  if (count < 2) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (long i = 0; i < count; ++i) {
    if ((i == 0) == first) CPU_SET(static_cast<size_t>(i), &set);
  }
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

Server::Server(const std::filesystem::path& directory, size_t user_count) : scratch_(directory) {
  start();
  HttpClient client(port());
  service_token_ = service_token(client);
  for (size_t i = 0; i < user_count; ++i) {
    accounts_.push_back(create_account(client, fmt::format("user{}@example.com", i)));
  }
}

Account Server::served_account(size_t number) const {
  return {fmt::format("{:010x}", number), service_token_};
}

double Server::start() {
  use_processors(true);
  const auto begin = Clock::now();
  daemon_ = std::make_unique<e2e::Daemon>(
      scratch_.path() / "data",
      std::vector<std::string>{"--log-level", "warn", "--registration", "open",
                               "--requests-per-minute-max", "0"},
      std::vector<std::string>{fmt::format("TIDEWAY_SERVICE_SECRET={}", kServiceSecret)});
  const double seconds = seconds_between(begin, Clock::now());
  use_processors(false);
  return seconds;
}

double Server::kill_and_start() {
  daemon_->kill();
  return start();
}

double Server::stop_and_start() {
  stop();
  return start();
}

void Server::stop() {
  if (daemon_->stop() != 0) fail("the server did not end well:\n" + daemon_->log());
}

double cpu_seconds(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  // Behind the program's name, in brackets, come 11 other fields.
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user_ticks = 0;
  double system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  return (user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace tideway::bench

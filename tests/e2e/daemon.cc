#include "tests/e2e/daemon.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <charconv>
#include <csignal>
#include <fstream>
#include <stdexcept>

namespace tideway::e2e {

namespace {

/// Generous: the machine may be busy with other tests, and sanitizers slow everything down.
constexpr std::chrono::seconds kStartPatience{60};

/// The number behind the last "127.0.0.1:" of the first line; 0 when there is none.
uint16_t port_in(std::string_view line) {
  constexpr std::string_view kHost = "://127.0.0.1:";
  const size_t at = line.find(kHost);
  uint16_t port = 0;
  if (at == std::string_view::npos) return port;
  std::from_chars(line.data() + at + kHost.size(), line.data() + line.size(), port);
  return port;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string name = std::filesystem::temp_directory_path() / "tideway-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Command tideway(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), TIDEWAY_BINARY);
  return {.arguments = std::move(arguments)};
}

std::string add_user(const std::filesystem::path& data_dir, const std::string& email,
                     const std::string& password) {
  Command command =
      tideway({"user", "add", "--data-dir", data_dir, "--email", email, "--password-stdin"});
  command.input = password + "\n";
  const Outcome outcome = run(command);
  if (outcome.exit_code != 0) {
    throw std::runtime_error(
        fmt::format("user add: exit code {}: {}", outcome.exit_code, outcome.err));
  }
  return outcome.out.substr(0, outcome.out.find('\n'));
}

Daemon::Daemon(const std::filesystem::path& data_dir, const std::vector<std::string>& flags,
               const std::vector<std::string>& environment) {
  Command command = tideway({"serve", "--data-dir", data_dir, "--listen", "127.0.0.1:0"});
  command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
  command.environment = environment;
  process_ = std::make_unique<Process>(command);
  first_line_ = process_->out().first_line(kStartPatience).value_or("");
  port_ = port_in(first_line_);
  if (port_ == 0) throw std::runtime_error("the server does not start:\n" + log());
}

std::optional<int> Daemon::stop() {
  process_->signal(SIGTERM);
  return process_->wait(kStopPatience);
}

void Daemon::kill() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::minutes(1));
}

std::string Daemon::log() { return process_->out().text() + process_->err().text(); }

uint64_t Daemon::resident_bytes() { return status_bytes("VmRSS:"); }

uint64_t Daemon::resident_peak_bytes() { return status_bytes("VmHWM:"); }

uint64_t Daemon::status_bytes(std::string_view name) {
  std::ifstream status(fmt::format("/proc/{}/status", process_->pid()));
  for (std::string word; status >> word;) {
    uint64_t kib = 0;
    if (word == name && status >> kib) return kib * 1024;
  }
  throw std::runtime_error("no such line in the status of the server");
}

std::string audit_log_of(const std::filesystem::path& data_dir) {
  std::string text;
  for (const auto& file : std::filesystem::directory_iterator(data_dir / "audit")) {
    std::ifstream stream(file.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(stream), {});
  }
  return text;
}

}  // namespace tideway::e2e

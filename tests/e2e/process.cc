#include "tests/e2e/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

// glibc 2.36 declares these without C linkage.
extern "C" {
#include <sys/pidfd.h>
}

namespace tideway::e2e {

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    read_end = ends[0];
    write_end = ends[1];
  }

  int read_end;
  int write_end;
};

/// The environment of the test without settings that would change what the program does.
std::vector<std::string> environment(const std::vector<std::string>& more) {
  std::vector<std::string> all = more;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("TIDEWAY_")) all.emplace_back(*entry);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// In the child, between fork and exec: system calls only.
[[noreturn]] void become(char** arguments, char** variables, int in, int out, int err) {
  // A test that is killed must not leave a server behind.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execve(arguments[0], arguments, variables);
  _exit(127);
}

}  // namespace

Collector::Collector(int fd) : thread_([this, fd] { collect(fd); }) {}

Collector::~Collector() { thread_.join(); }

void Collector::collect(int fd) {
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
    if (count <= 0) break;
    text_.append(buffer.data(), static_cast<size_t>(count));
  }
  close(fd);
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

std::string Collector::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

std::string Collector::all() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_; });
  return text_;
}

std::optional<std::string> Collector::first_line(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience,
                    [&] { return ended_ || text_.find('\n') != std::string::npos; });
  const size_t end = text_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  return text_.substr(0, end);
}

Process::Process(const Command& command) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> variables = environment(command.environment);
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> variable_pointers = pointers(variables);
  const Pipe in, out, err;
  // The pipe holds all of it, so nothing waits for the child.
  if (write(in.write_end, command.input.data(), command.input.size()) < 0) {
    throw std::system_error(errno, std::generic_category(), "write");
  }
  pid_ = fork();
  if (pid_ == 0) {
    become(const_cast<char**>(argument_pointers.data()),
           const_cast<char**>(variable_pointers.data()), in.read_end, out.write_end, err.write_end);
  }
  for (const int fd : {in.read_end, in.write_end, out.write_end, err.write_end}) close(fd);
  out_.emplace(out.read_end);
  err_.emplace(err.read_end);
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  pid_fd_ = pidfd_open(pid_, 0);
}

Process::~Process() {
  if (pid_ > 0 && !exit_code_) {
    signal(SIGKILL);
    wait(std::chrono::minutes(1));
  }
  if (pid_fd_ >= 0) close(pid_fd_);
}

void Process::signal(int number) const { pidfd_send_signal(pid_fd_, number, nullptr, 0); }

std::optional<int> Process::wait(std::chrono::milliseconds patience) {
  if (exit_code_) return exit_code_;
  // The descriptor of a process becomes readable when it ends.
  pollfd ended{.fd = pid_fd_, .events = POLLIN, .revents = 0};
  if (poll(&ended, 1, static_cast<int>(patience.count())) != 1) return std::nullopt;
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

Outcome run(const Command& command) {
  Process process(command);
  const auto exit_code = process.wait(std::chrono::minutes(1));
  if (!exit_code) throw std::runtime_error(command.arguments.front() + " does not end");
  return {*exit_code, process.out().all(), process.err().all()};
}

}  // namespace tideway::e2e

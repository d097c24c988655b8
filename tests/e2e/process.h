// A child process: its output is collected as it comes, and every wait has an end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tideway::e2e {

/// Reads a pipe to its end in a thread of its own: a full pipe would stop the child.
class Collector {
 public:
  explicit Collector(int fd);
  ~Collector();  ///< waits for the end of the pipe

  std::string text() const;  ///< what has come so far
  std::string all();         ///< waits for the end of the pipe

  /// Waits for the first whole line; nothing when there is none before the end or the deadline.
  std::optional<std::string> first_line(std::chrono::milliseconds patience);

 private:
  void collect(int fd);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  bool ended_ = false;
  std::thread thread_;
};

struct Command {
  std::vector<std::string> arguments;         ///< the first is the path of the program
  std::string input = {};                     ///< all of standard input, less than 64 KiB
  std::vector<std::string> environment = {};  ///< NAME=VALUE, beside that of the test
};

class Process {
 public:
  explicit Process(const Command& command);
  ~Process();  ///< kills it when it still runs

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  /// The exit code, or 128 + the number of the signal that ended it; nothing when it still runs
  /// after `patience`.
  std::optional<int> wait(std::chrono::milliseconds patience);

  Collector& out() { return *out_; }
  Collector& err() { return *err_; }

 private:
  pid_t pid_ = -1;
  int pid_fd_ = -1;
  std::optional<int> exit_code_;
  std::optional<Collector> out_;
  std::optional<Collector> err_;
};

/// How a command that comes to an end by itself went.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Throws when it does not end within a minute.
Outcome run(const Command& command);

}  // namespace tideway::e2e

#include "bench/processors.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <string>

namespace tideway::bench {
namespace {

bool pin(pid_t process, const cpu_set_t& processors) {
  bool all = true;
  std::error_code error;
  const std::filesystem::path tasks = fmt::format("/proc/{}/task", process);
  for (const auto& entry : std::filesystem::directory_iterator(tasks, error)) {
    const std::string name = entry.path().filename();
    pid_t thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    all = sched_setaffinity(thread, sizeof processors, &processors) == 0 && all;
  }
  return all && !error;
}

}  // namespace

SeparateProcessors::SeparateProcessors(pid_t server) {
  CPU_ZERO(&before_);
  if (sched_getaffinity(0, sizeof before_, &before_) != 0 || CPU_COUNT(&before_) < 2) return;
  size_t first = 0;
  while (!CPU_ISSET(first, &before_)) ++first;
  cpu_set_t rest = before_;
  CPU_CLR(first, &rest);
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(first, &only);
  separate_ = pin(server, only) && sched_setaffinity(0, sizeof rest, &rest) == 0;
}

SeparateProcessors::~SeparateProcessors() {
  if (separate_) sched_setaffinity(0, sizeof before_, &before_);
}

}  // namespace tideway::bench

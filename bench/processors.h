// Which processor runs what: the server on one, what loads it on the others.
#pragma once

#include <sched.h>
#include <sys/types.h>

namespace tideway::bench {

/// From construction to the end of its life all threads of the server run on the first processor
/// that may be used, and this thread, with those that it starts, on the rest.
class SeparateProcessors {
 public:
  explicit SeparateProcessors(pid_t server);
  ~SeparateProcessors();
  SeparateProcessors(const SeparateProcessors&) = delete;
  SeparateProcessors& operator=(const SeparateProcessors&) = delete;

  /// False when there is only one processor, or it is not allowed.
  bool are_separate() const { return separate_; }

 private:
  cpu_set_t before_;
  bool separate_ = false;
};

}  // namespace tideway::bench

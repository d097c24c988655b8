#include "cli/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace tideway::cli {

uint32_t affordable_connections(uint32_t wanted) {
  /// The store's open files (rocksdb_options.cc), those being written, logs, listeners.
  constexpr rlim_t kOthers = 768;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = wanted + kOthers;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = std::min(limit.rlim_max, needed);
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= needed) return wanted;
  // So few that the store may come short; half of them each is the best that can be done.
  const rlim_t left = limit.rlim_cur > 2 * kOthers ? limit.rlim_cur - kOthers : limit.rlim_cur / 2;
  return static_cast<uint32_t>(std::clamp<rlim_t>(left, 1, wanted));
}

}  // namespace tideway::cli

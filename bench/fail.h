// A benchmark that cannot go on says why and ends: it has no caller who could do better.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

namespace tideway::bench {

[[noreturn]] inline void fail(std::string_view why) {
  fmt::print(stderr, "benchmark failed: {}\n", why);
  std::exit(1);
}

}  // namespace tideway::bench

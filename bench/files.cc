#include "bench/files.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace tideway::bench {

std::string read_padded(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty()) {
    fmt::print(stderr, "cannot read {}\n", path);
    std::exit(1);
  }
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  return text;
}

}  // namespace tideway::bench

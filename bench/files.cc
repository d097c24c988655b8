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

double bytes_below(const std::filesystem::path& directory, std::string_view ending) {
  double sum = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(ending) || entry.is_directory()) continue;
    std::error_code gone;  // a store at work erases files that it has just made
    const auto size_bytes = entry.file_size(gone);
    if (!gone) sum += static_cast<double>(size_bytes);
  }
  return sum;
}

}  // namespace tideway::bench

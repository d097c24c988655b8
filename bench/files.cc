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
    if (entry.is_regular_file() && name.ends_with(ending)) {
      sum += static_cast<double>(entry.file_size());
    }
  }
  return sum;
}

}  // namespace tideway::bench

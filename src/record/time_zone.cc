#include "record/time_zone.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <unordered_set>

namespace tideway::record {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZoneDirectory = "/usr/share/zoneinfo";

/// Allows to look up a view. Most records name their zone, so that a tree would be too slow.
struct Hash : std::hash<std::string_view> {
  using is_transparent = void;
};
using Names = std::unordered_set<std::string, Hash, std::equal_to<>>;

/// ^[A-Z][A-Za-z0-9_+-]*$ : leaves out posix/, right/, localtime and the tables.
bool is_zone_part(std::string_view part) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-';
  };
  return !part.empty() && part.front() >= 'A' && part.front() <= 'Z' &&
         std::ranges::all_of(part, allowed);
}

bool holds_zone(const fs::path& file) {
  std::string magic(4, '\0');
  return std::ifstream(file, std::ios::binary).read(magic.data(), 4) && magic == "TZif";
}

void collect(const fs::path& directory, const std::string& prefix, Names& names) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string part = entry.path().filename();
    if (!is_zone_part(part)) continue;
    if (entry.is_directory(error)) {
      collect(entry.path(), prefix + part + '/', names);
    } else if (holds_zone(entry.path())) {
      names.insert(prefix + part);
    }
  }
}

Names read_names() {
  Names names;
  collect(kZoneDirectory, "", names);
  return names;
}

}  // namespace

bool is_time_zone_name(std::string_view name) {
  static const Names names = read_names();
  return names.contains(name);
}

}  // namespace tideway::record

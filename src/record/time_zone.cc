#include "record/time_zone.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/short_text.h"

namespace tideway::record {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZoneDirectory = "/usr/share/zoneinfo";

/// The names, by open addressing: nearly every record names its zone, and the library's set takes
/// several times as long.
class Names {
 public:
  explicit Names(std::deque<std::string> names) : names_(std::move(names)) {
    size_t size = 16;
    while (size < names_.size() * 4) size *= 2;
    table_.resize(size);
    for (const std::string& name : names_) {
      size_t at = place(name);
      while (!table_[at].empty()) at = (at + 1) & (size - 1);
      table_[at] = name;
    }
  }

  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  bool contains(std::string_view name) const {
    for (size_t at = place(name); !table_[at].empty(); at = (at + 1) & (table_.size() - 1)) {
      if (same_text(table_[at], name)) return true;
    }
    return false;
  }

 private:
  /// Names differ at their ends: many begin with the same continent.
  size_t place(std::string_view name) const {
    const std::string_view end = name.substr(name.size() - std::min<size_t>(name.size(), 8));
    return ((short_hash(end) >> 32) + name.size()) & (table_.size() - 1);
  }

  std::deque<std::string> names_;
  std::vector<std::string_view> table_;  ///< a power of two long, empty in free places
};

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

void collect(const fs::path& directory, const std::string& prefix, std::deque<std::string>& names) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string part = entry.path().filename();
    if (!is_zone_part(part)) continue;
    if (entry.is_directory(error)) {
      collect(entry.path(), prefix + part + '/', names);
    } else if (holds_zone(entry.path())) {
      names.push_back(prefix + part);
    }
  }
}

Names read_names() {
  std::deque<std::string> names;
  collect(kZoneDirectory, "", names);
  return Names(std::move(names));
}

}  // namespace

bool is_time_zone_name(std::string_view name) {
  static const Names names = read_names();
  return names.contains(name);
}

}  // namespace tideway::record

#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tideway::tidy {

namespace fs = std::filesystem;

std::vector<std::string_view> SourceFile::lines() const {
  std::vector<std::string_view> result;
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    result.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<SourceFile> source_files(const std::vector<std::string>& folders,
                                     const std::vector<std::string>& endings) {
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      const std::string path = entry.path().string();
      const bool wanted = std::ranges::any_of(
          endings, [&](const std::string& ending) { return path.ends_with(ending); });
      if (wanted && entry.is_regular_file()) files.push_back({path, read_file(path)});
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

LayerTable parse_layer_table(std::string_view cmake_lists) {
  constexpr std::string_view kCall = "\ntideway_layer(";
  LayerTable table;
  size_t at = cmake_lists.find(kCall);
  while (at != std::string_view::npos) {
    at += kCall.size();
    const size_t end = std::min(cmake_lists.find(')', at), cmake_lists.size());
    std::istringstream words{std::string(cmake_lists.substr(at, end - at))};
    std::string name;
    words >> name;
    std::set<std::string>& may_include = table[name];
    bool in_deps = false;
    for (std::string word; words >> word;) {
      if (word == "DEPS" || word == "LIBS") {
        in_deps = word == "DEPS";
      } else if (in_deps) {
        may_include.insert(word);
      }
    }
    at = cmake_lists.find(kCall, end);
  }
  return table;
}

}  // namespace tideway::tidy

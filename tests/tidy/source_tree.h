// The source tree as the tidy rules see it: files as lists of lines.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::tidy {

struct SourceFile {
  std::string path;  ///< relative to the root, "src/base/time.h"
  std::string text;

  std::vector<std::string_view> lines() const;  ///< without their line feeds
};

/// Every file below `folders` (relative to the working directory, the root of the tree) whose name
/// ends in one of `endings`, sorted by path. A folder that does not exist has no files.
std::vector<SourceFile> source_files(const std::vector<std::string>& folders,
                                     const std::vector<std::string>& endings);

std::string read_file(const std::string& path);

/// Which folders of src/ a folder may include.
using LayerTable = std::map<std::string, std::set<std::string>>;

/// Reads the calls `tideway_layer(NAME DEPS a b LIBS …)` of a CMakeLists.txt.
LayerTable parse_layer_table(std::string_view cmake_lists);

}  // namespace tideway::tidy

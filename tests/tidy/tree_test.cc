// The rules of rules.h applied to the whole tree. Runs in the root of the source tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "tests/tidy/rules.h"

namespace tideway::tidy {
namespace {

using testing::IsEmpty;

std::vector<SourceFile> cpp_files(const std::vector<std::string>& folders) {
  return source_files(folders, {".h", ".cc"});
}

std::vector<SourceFile> all_cpp_files() { return cpp_files({"src", "tests", "bench"}); }

/// What `rule` finds in all `files`, one finding a line.
template <class Rule>
std::string findings(const std::vector<SourceFile>& files, Rule rule) {
  EXPECT_FALSE(files.empty()) << "not run in the root of the source tree?";
  std::string text;
  for (const SourceFile& file : files) {
    for (const std::string& finding : rule(file)) text += finding + "\n";
  }
  return text;
}

LayerTable layer_table() { return parse_layer_table(read_file("CMakeLists.txt")); }

TEST(Tree, FilesAreShort) { EXPECT_EQ(findings(all_cpp_files(), check_file_length), ""); }

TEST(Tree, FunctionsAreShort) { EXPECT_EQ(findings(all_cpp_files(), check_function_length), ""); }

TEST(Tree, WhiteSpaceIsClean) {
  auto files =
      source_files({"src", "tests", "bench", "scripts", "api", ".ci", "web/src"},
                   {".h", ".cc", ".cmake", "CMakeLists.txt", ".sh", ".yaml", ".ts", "run"});
  files.push_back({"CMakeLists.txt", read_file("CMakeLists.txt")});
  EXPECT_EQ(findings(files, check_white_space), "");
}

TEST(Tree, NothingIsMarkedUnfinished) {
  auto files =
      source_files({"src", "tests", "bench", "scripts", "api", ".ci", "web/src", "deploy"},
                   {".h", ".cc", ".cmake", "CMakeLists.txt", ".sh", ".yaml", ".ts", "run"});
  files.push_back({"CMakeLists.txt", read_file("CMakeLists.txt")});
  files.push_back({"Makefile", read_file("Makefile")});
  EXPECT_EQ(findings(files, check_marks), "");
}

TEST(Tree, HeadersHavePragmaOnce) { EXPECT_EQ(findings(all_cpp_files(), check_pragma_once), ""); }

TEST(Tree, FoldersIncludeOnlyWhatTheyMay) {
  const LayerTable table = layer_table();
  EXPECT_EQ(findings(cpp_files({"src"}),
                     [&](const SourceFile& file) { return check_includes(file, table); }),
            "");
}

TEST(Tree, EveryFolderIsInTheLayerTable) {
  const LayerTable table = layer_table();
  for (const auto& entry : std::filesystem::directory_iterator("src")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(table.contains(entry.path().filename().string())) << entry.path();
  }
}

// Static libraries may depend on each other in a circle; folders may not.
TEST(Tree, LayersFormNoCircle) {
  LayerTable left = layer_table();
  ASSERT_FALSE(left.empty());
  while (!left.empty()) {
    // A folder whose dependencies are all gone can go too; in a circle none ever can.
    const size_t erased = std::erase_if(left, [&](const auto& layer) {
      return std::ranges::none_of(layer.second,
                                  [&](const std::string& dep) { return left.contains(dep); });
    });
    ASSERT_GT(erased, 0u) << "circle around " << left.begin()->first;
  }
}

// For the reader of the log: how much test there is for the code.
TEST(Tree, HasTests) {
  size_t source_lines = 0;
  size_t test_lines = 0;
  for (const SourceFile& file : cpp_files({"src"})) source_lines += file.lines().size();
  for (const SourceFile& file : cpp_files({"tests"})) test_lines += file.lines().size();
  std::cout << source_lines << " lines of code, " << test_lines << " lines of test\n";
  EXPECT_GT(test_lines, 0u);
}

}  // namespace
}  // namespace tideway::tidy

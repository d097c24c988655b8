#include "tests/tidy/rules.h"

#include <filesystem>
#include <regex>

#include "tests/tidy/functions.h"

namespace tideway::tidy {

namespace {

std::string at_line(const SourceFile& file, size_t line, const std::string& what) {
  return file.path + ":" + std::to_string(line) + ": " + what;
}

/// "base" of "src/base/time.h"; empty for files right below src/.
std::string folder_of(const std::string& path_below_src) {
  const size_t slash = path_below_src.find('/');
  return slash == std::string::npos ? "" : path_below_src.substr(0, slash);
}

}  // namespace

Findings check_file_length(const SourceFile& file) {
  if (file.path.starts_with("src/record/schema/")) return {};
  const size_t count = file.lines().size();
  if (count <= kFileLinesMax) return {};
  return {at_line(file, count, "file has more than " + std::to_string(kFileLinesMax) + " lines")};
}

Findings check_function_length(const SourceFile& file) {
  Findings findings;
  for (const FunctionSpan& function : find_functions(file.text)) {
    if (function.line_count <= kFunctionLinesMax) continue;
    findings.push_back(at_line(
        file, function.line_first,
        "function has " + std::to_string(function.line_count) + " lines: " + function.head));
  }
  return findings;
}

Findings check_white_space(const SourceFile& file) {
  Findings findings;
  size_t number = 0;
  for (const std::string_view line : file.lines()) {
    ++number;
    if (line.find('\t') != line.npos) findings.push_back(at_line(file, number, "tab"));
    if (line.find('\r') != line.npos) findings.push_back(at_line(file, number, "carriage return"));
    if (line.ends_with(' ')) findings.push_back(at_line(file, number, "blank at the end"));
  }
  if (!file.text.empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n"))) {
    findings.push_back(at_line(file, number, "file does not end in one line feed"));
  }
  return findings;
}

Findings check_marks(const SourceFile& file) {
  // Split, so that this file passes its own test.
  static const std::regex kMarks(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X|HA"
      "CK)\\b");
  Findings findings;
  size_t number = 0;
  for (const std::string_view line : file.lines()) {
    ++number;
    std::cmatch match;
    if (std::regex_search(line.data(), line.data() + line.size(), match, kMarks)) {
      findings.push_back(at_line(file, number, match.str() + " left in the source"));
    }
  }
  return findings;
}

Findings check_pragma_once(const SourceFile& file) {
  if (!file.path.ends_with(".h")) return {};
  size_t number = 0;
  for (const std::string_view line : file.lines()) {
    ++number;
    if (line.empty() || line.starts_with("//")) continue;
    if (line == "#pragma once") return {};
    break;
  }
  return {at_line(file, number, "#pragma once is not the first line behind the comment")};
}

Findings check_includes(const SourceFile& file, const LayerTable& table) {
  static const std::regex kInclude("^#include \"([^\"]+)\"");
  const std::string own = folder_of(file.path.substr(std::string_view("src/").size()));
  Findings findings;
  size_t number = 0;
  for (const std::string_view line : file.lines()) {
    ++number;
    std::cmatch match;
    if (!std::regex_search(line.data(), line.data() + line.size(), match, kInclude)) continue;
    const std::string included = match.str(1);
    const std::string folder = folder_of(included);
    if (!std::filesystem::exists("src/" + included) || included.find("..") != included.npos) {
      findings.push_back(at_line(file, number, "\"" + included + "\" is no path from src/"));
    } else if (own.empty() ? folder != "cli" : folder != own && !table.at(own).contains(folder)) {
      const std::string name = own.empty() ? "main.cc" : own;
      findings.push_back(at_line(file, number, name + " may not include " + folder + "/"));
    }
  }
  return findings;
}

}  // namespace tideway::tidy

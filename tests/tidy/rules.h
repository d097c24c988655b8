// What every source file has to keep to. Each rule looks at one file and lists what is wrong with
// it, one line a finding: "src/base/time.cc:12: …".
#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace tideway::tidy {

using Findings = std::vector<std::string>;

inline constexpr size_t kFileLinesMax = 500;
inline constexpr size_t kFunctionLinesMax = 70;

/// At most kFileLinesMax lines; the tables in src/record/schema may be longer.
Findings check_file_length(const SourceFile& file);

/// At most kFunctionLinesMax lines a function.
Findings check_function_length(const SourceFile& file);

/// No tab, no carriage return, no blank at a line's end, one line feed at the end of the file.
Findings check_white_space(const SourceFile& file);

/// No mark of unfinished work.
Findings check_marks(const SourceFile& file);

/// Headers begin with #pragma once, behind the opening comment.
Findings check_pragma_once(const SourceFile& file);

/// A file of src/ includes only what its folder may see, by paths from src/ that exist.
Findings check_includes(const SourceFile& file, const LayerTable& table);

}  // namespace tideway::tidy

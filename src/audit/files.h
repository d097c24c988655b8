// The files of an audit log: DIRECTORY/audit-<seq of the first line, 16 digits>.jsonl. Lines are
// only ever added, to the last one.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "audit/line.h"

namespace tideway::audit {

struct File {
  std::string path;
  uint64_t first_sequence = 0;  ///< by its name
};

std::string file_path(const std::string& directory, uint64_t first_sequence);

/// In the order of their lines. Other files are left out. The error is a line for the operator.
std::expected<std::vector<File>, std::string> list_files(const std::string& directory);

struct Verified {
  uint64_t lines = 0;
  uint64_t first_sequence = 0;
  uint64_t last_sequence = 0;
  Hash last;                  ///< hash of the last line; no_line() when there is none
  bool anchor_found = false;  ///< whether the line with the wanted hash is there
};

/// Reads the whole log and checks that no line was changed, added, taken away or moved: every line
/// must name the hash of the one before it and the number behind it. What a chain alone cannot show
/// is that lines are missing at its end, or that all of it was made anew; for that give `anchor`, a
/// hash that an earlier run told. The beginning may be missing: old files are deleted. The error
/// names file, line and what is wrong.
std::expected<Verified, std::string> verify(const std::string& directory, const Hash& anchor = {});

}  // namespace tideway::audit

// What a fetch reads, counted inside the process.
#pragma once

#include <filesystem>

#include "bench/report.h"

namespace tideway::bench {

/// A year in which a pump and a meter upload each their own records beside a year of cbg: how many
/// blocks each kind of fetch opens, and how many its catalogue leaves out.
void count_blocks(Report& report, const std::filesystem::path& directory);

}  // namespace tideway::bench

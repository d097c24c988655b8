// The sample bodies, and what a store occupies.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tideway::bench {

/// The whole file, with spare capacity behind it for simdjson. Ends the program when it cannot be
/// read: benchmarks are run in the root of the source tree.
std::string read_padded(const std::string& path);

/// The bytes of all files below whose name ends in `ending`; of all with an empty one.
double bytes_below(const std::filesystem::path& directory, std::string_view ending = {});

}  // namespace tideway::bench

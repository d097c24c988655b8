// The sample bodies.
#pragma once

#include <string>

namespace tideway::bench {

/// The whole file, with spare capacity behind it for simdjson. Ends the program when it cannot be
/// read: benchmarks are run in the root of the source tree.
std::string read_padded(const std::string& path);

}  // namespace tideway::bench

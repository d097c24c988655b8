// How many files and sockets the process may have open.
#pragma once

#include <cstdint>

namespace tideway::cli {

/// Raises the limit as far as the process may, and says how many of the `wanted` connections there
/// is room for beside the files of the store.
uint32_t affordable_connections(uint32_t wanted);

}  // namespace tideway::cli

// What the program has allocated with `new` and not given back.
#pragma once

#include <cstddef>

namespace tideway::query {

/// From now on peak_bytes() counts.
void reset_peak();
/// The most that was allocated at any time since, beyond what was at the time of reset_peak().
size_t peak_bytes();

}  // namespace tideway::query

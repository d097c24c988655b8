// Which processor runs what: the server on one, what loads it on the others.
#pragma once

#include <sys/types.h>

namespace tideway::bench {

/// Puts all threads of the server on the first processor that may be used, and those of this
/// process on the rest. False when there is only one, or it is not allowed.
bool separate_processors(pid_t server);

}  // namespace tideway::bench

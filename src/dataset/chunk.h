// Requests that bring records, known again when they are sent again.
#pragma once

#include <string_view>

#include "dataset/data_set.h"

namespace tideway::dataset {

/// What a set remembers of a request: its body, and its idempotency key, empty without one. Two
/// different bodies of one set are taken for the same once in 2^59 or so.
Chunk make_chunk(std::string_view body, std::string_view idempotency_key);

}  // namespace tideway::dataset

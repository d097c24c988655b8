// A body of records of which the bad ones are left out, for clients that ask for it.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "base/error.h"
#include "record/batch.h"

namespace tideway::record {

/// An element of the body that is not taken, and why.
struct Rejection {
  size_t index = 0;
  Errors errors;
};

struct PartialBatch {
  Batch batch;
  std::vector<Rejection> rejected;  ///< ascending by index
};

/// Reads what is good. Only a body that is no array, or has more than kErrorsMax errors, is refused
/// as a whole. The batch lives as long as one of reader.read().
std::expected<PartialBatch, Refusal> read_partially(Reader& reader, const std::string& body,
                                                    const ReadOptions& options);

}  // namespace tideway::record

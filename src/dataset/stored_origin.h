// The origin of a stored record, read from its text. For the few steps that need it and can afford
// to parse; fetching never does.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "store/block.h"

namespace tideway::dataset {

struct StoredOrigin {
  std::string id;            ///< empty when absent
  std::optional<Time> time;  ///< absent also when it cannot be read
};

StoredOrigin stored_origin(const store::BlockRecord& record);

}  // namespace tideway::dataset

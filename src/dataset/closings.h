// The order in which a user's sets of device.deactivate.hash closed, without looking at all of
// them.
#pragma once

#include <cstdint>

#include "dataset/data_set.h"
#include "store/store.h"

namespace tideway::dataset {

/// Gives a closing its place behind those before it, and a time that is not before the last
/// addition to a continuous set: whatever was added counts from then on, and is older than the
/// closing.
store::Result<void> place_closing(store::Transaction& transaction, Closing& closing);

/// When the user last closed such a set; the beginning of time if never.
store::Result<int64_t> last_closing_ms(const store::Reader& reader);

}  // namespace tideway::dataset

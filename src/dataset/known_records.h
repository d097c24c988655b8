// Which records an account has already, by their ids: what a legacy upload calls duplicates
// (docs/spec/fetch.md 10).
#pragma once

#include <vector>

#include "dataset/append.h"
#include "dataset/edit.h"

namespace tideway::dataset {

/// For each of `records`, which have ids, whether a record of the same id, device and instant is in
/// any set of the user's and not gone, or comes before it in `records`. Ids that follow from the
/// content imply device and instant, so only blocks that can hold them are opened.
store::Result<std::vector<bool>> find_known(Edit& edit, const Records& records);

}  // namespace tideway::dataset

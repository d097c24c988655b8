// Records by their origin id, for the deduplicators delete.origin and delete.origin.older
// (docs/spec/datasets.md 15.2).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/append.h"
#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/record_index.h"
#include "dataset/selection.h"

namespace tideway::dataset {

/// The records that have an origin id.
Records with_origin(const Records& records);

/// The records of the set with an origin id that are not gone, in the order in which they were
/// added.
store::Result<std::vector<Place>> find_by_origin(Edit& edit, const DataSet& set,
                                                 std::string_view origin_id);

/// Adds records in place of those of the set with the same origin ids. Records of one batch do not
/// replace each other. What the set has already, in every respect, is not stored again.
store::Result<void> add_by_origin(Edit& edit, DataSet& set, const Records& records);

/// Takes selected records away, if they count: in an open normal set none does.
store::Result<void> remove_counting(Edit& edit, DataSet& set, const Selection& selection);

/// The digest by which the index knows a record, or nothing.
using DigestOf = std::function<store::Result<std::string>(store::Block& block, uint32_t slot)>;

/// Destroys what came back from the trash, in the blocks before `added_first`, but has been
/// replaced since.
store::Result<void> drop_replaced(Edit& edit, const DataSet& set, uint32_t added_first,
                                  const DigestOf& digest_of);
store::Result<void> drop_replaced_origins(Edit& edit, const DataSet& set, uint32_t added_first);

}  // namespace tideway::dataset

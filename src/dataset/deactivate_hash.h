// The deduplicator device.deactivate.hash at work (docs/spec/datasets.md 14, ArchiveByHash): when a
// set of a device closes, records of the user's other sets that have the identity of one of its own
// stop counting.
#pragma once

#include "dataset/data_set.h"
#include "store/store.h"

namespace tideway::dataset {

/// Masks what `closing` supersedes. The set must have a device id.
store::Result<void> archive_by_hash(store::Transaction& transaction, const DataSet& closing,
                                    int64_t now_ms);

}  // namespace tideway::dataset

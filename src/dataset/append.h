// Adding records to a data set's blocks.
#pragma once

#include "dataset/data_set.h"
#include "record/batch.h"
#include "store/store.h"

namespace tideway::dataset {

/// Small uploads extend the set's last block, which is rewritten, while it holds no more than this;
/// a larger block is left alone. Keeps a set that gets one record every five minutes from being a
/// set of one-record blocks, at the cost of compressing half as many records per upload.
inline constexpr size_t kTailRecordsMax = 256;
/// … and no more text than this.
inline constexpr size_t kTailTextBytesMax = size_t{1} << 20;

/// Whether the set's deduplicator compares identity hashes.
bool uses_identity(const DataSet& set);

/// Puts the records of `batch` into blocks of `set` and counts them in `set`, which the caller puts.
store::Result<void> append(store::Transaction& transaction, DataSet& set,
                           const record::Batch& batch);

}  // namespace tideway::dataset

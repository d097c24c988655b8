// Adding records to a data set's blocks.
#pragma once

#include <vector>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/record_index.h"
#include "record/batch.h"
#include "store/store.h"

namespace tideway::dataset {

/// Small uploads extend the set's last block, which is rewritten, while it holds no more than this;
/// a larger block is left alone. Keeps a set that gets one record every five minutes from being a
/// set of one-record blocks, at the cost of compressing half as many records per upload.
inline constexpr size_t kTailRecordsMax = 128;
/// … and no more text than this.
inline constexpr size_t kTailTextBytesMax = size_t{1} << 20;

/// No block but one of a single record has more text: a fetch holds some blocks at once.
inline constexpr size_t kBlockTextBytesMax = size_t{512} << 10;

/// Some records of a batch, in its order.
using Records = std::vector<const record::Record*>;
Records all_of(const record::Batch& batch);

/// Puts records into blocks of `set` and counts them in `set`, which the caller puts. Returns where
/// they went, in their order.
store::Result<std::vector<Place>> append(Edit& edit, DataSet& set, const Records& records);

/// The record as its block will keep it, but for its identity. Its views are those of `record`.
store::BlockRecord block_record(const record::Record& record, int64_t now_ms);

}  // namespace tideway::dataset

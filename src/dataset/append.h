// Adding records to a data set's blocks.
//
// A small upload goes on with the set's last block. Writing that anew each time would mean to
// decompress and compress a hundred records for one, so the upload becomes a piece of the block,
// under a key of its own and as a rule not compressed. Ids, masks and the record index speak of
// blocks and slots and know nothing of pieces. Now and then, and when the block is full, its pieces
// become one.
#pragma once

#include <span>
#include <vector>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/record_index.h"
#include "record/batch.h"
#include "store/store.h"

namespace tideway::dataset {

/// So many pieces are added to a block before it is written as a whole. So a record that came alone
/// is written some five times in all, where rewriting the block each time would be sixty.
inline constexpr uint32_t kLoosePiecesMax = 16;

/// A piece with more text than this is compressed when it is added.
inline constexpr size_t kPlainTextBytesMax = size_t{16} << 10;

/// No block but one of a single record has more text: a fetch holds some blocks at once.
inline constexpr size_t kBlockTextBytesMax = size_t{512} << 10;

/// Some records of a batch, in its order.
using Records = std::vector<const record::Record*>;
Records all_of(const record::Batch& batch);

/// Puts records into blocks of `set` and counts them in `set`, which the caller puts. Returns where
/// they went, in their order.
store::Result<std::vector<Place>> append(Edit& edit, DataSet& set, const Records& records);
/// The same with the hashes of the records' identities at hand; see identity_hashes().
store::Result<std::vector<Place>> append(Edit& edit, DataSet& set, const Records& records,
                                         std::span<const record::IdentityHash> hashes);

/// Writes the set's last block as a whole, if it is in pieces: nothing will be added to it.
store::Result<void> seal_tail(Edit& edit, const DataSet& set);

/// The record as its block will keep it, but for its identity. Its views are those of `record`.
store::BlockRecord block_record(const record::Record& record, int64_t now_ms);

}  // namespace tideway::dataset

// Reading the blocks of a user's data sets.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "dataset/keys.h"
#include "dataset/mask.h"
#include "store/block.h"
#include "store/store.h"

namespace tideway::dataset {

/// A block that a scan found, by what its summary says.
struct BlockRef {
  BlockName name;
  store::BlockSummary summary;
};

/// The summaries of all blocks of one set, or of all sets when `upload_id` is empty; ascending by
/// set and number.
store::Result<void> scan_summaries(const store::Reader& reader, std::string_view upload_id,
                                   const std::function<void(BlockRef)>& visit);

/// A block that must exist.
store::Result<store::Block> read_block(const store::Reader& reader, const BlockName& name);

/// The mask of a block, empty when it has none.
store::Result<Mask> read_mask(const store::Reader& reader, const BlockName& name);

/// The masks of all blocks of the user that have one.
store::Result<void> scan_masks(const store::Reader& reader,
                               const std::function<void(BlockName, const Mask&)>& visit);

}  // namespace tideway::dataset

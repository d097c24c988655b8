// Reading the blocks of a user's data sets.
//
// A small upload adds a piece to the last block of its set instead of writing the block anew
// (append.cc), so such a block is found under several keys. Whoever reads blocks does it by what
// stands here, and sees none of that.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/keys.h"
#include "dataset/mask.h"
#include "store/block.h"
#include "store/opened_blocks.h"
#include "store/store.h"

namespace tideway::dataset {

/// A block that a scan found, by what its summary says.
struct BlockRef {
  BlockName name;
  store::BlockSummary summary;
};

/// The summary of a block, or nothing when there is no such block.
store::Result<std::optional<store::BlockSummary>> read_summary(const store::Reader& reader,
                                                               const BlockName& name);

/// The summaries of all blocks of one set, or of all sets when `upload_id` is empty; ascending by
/// set and number.
store::Result<void> scan_summaries(const store::Reader& reader, std::string_view upload_id,
                                   const std::function<void(BlockRef)>& visit);

/// Small uploads extend the set's last block as long as it holds no more than this; a larger block
/// is left alone. Keeps a set that gets one record every five minutes from being a set of
/// one-record blocks. A block whose first piece has as many has no other.
inline constexpr size_t kTailRecordsMax = 128;

/// The pieces of a block in the order of their slots, as a rule just one; none when there is no
/// such block. For those who write blocks: store::joined_block() makes one of them.
store::Result<std::vector<store::Block>> read_pieces(const store::Reader& reader,
                                                     const BlockName& name);

/// How to fail when a block that must exist does not.
std::unexpected<store::Error> missing_block();

/// A block that must exist.
store::Result<store::Block> read_block(const store::Reader& reader, const BlockName& name);

/// The same with its text loaded, by way of the blocks that were opened lately, if any are kept.
store::Result<store::SharedBlock> read_block(const store::Reader& reader, const BlockName& name,
                                             store::OpenedBlocks* opened);

/// The mask of a block, empty when it has none.
store::Result<Mask> read_mask(const store::Reader& reader, const BlockName& name);

/// The masks of all blocks of the user that have one.
store::Result<void> scan_masks(const store::Reader& reader,
                               const std::function<void(BlockName, const Mask&)>& visit);

}  // namespace tideway::dataset

#include "dataset/own_blocks.h"

#include <algorithm>

namespace tideway::dataset {

store::Result<OwnBlocks> OwnBlocks::read(const store::Reader& reader, const DataSet& closing) {
  OwnBlocks own;
  const auto scanned = scan_summaries(reader, closing.upload_id, [&](const BlockRef& block) {
    const store::BlockSummary& summary = block.summary;
    if (block.name.number < closing.block_first ||
        !std::ranges::binary_search(summary.device_ids, closing.device_id)) {
      return;
    }
    for (const auto& range : summary.types) {
      own.reach_.add(closing.device_id, range.time_first_ms, range.time_last_ms);
    }
    if (summary.device_ids.size() == 1 && summary.has_all_identities()) {
      own.by_identities_.emplace(summary.identities, block.name);
    }
  });
  if (!scanned) return std::unexpected(scanned.error());
  return own;
}

store::Result<bool> OwnBlocks::has_equal(Edit& edit, const BlockRef& other) const {
  const auto equal = by_identities_.find(other.summary.identities);
  if (equal == by_identities_.end() || !other.summary.has_all_identities()) return false;
  const auto mask = edit.mask(equal->second);
  if (!mask) return std::unexpected(mask.error());
  return (*mask)->empty();
}

}  // namespace tideway::dataset

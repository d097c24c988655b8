// org.tidepool.deduplicator.device.truncate.dataset: the newest upload of a device is all that
// counts. Closing a set destroys every other record of its device.
#include "dataset/all_sets.h"
#include "dataset/deduplicators/effects.h"

namespace tideway::dataset {
namespace {

/// The user's other blocks with records of the device.
store::Result<std::vector<BlockName>> other_blocks(const store::Reader& reader,
                                                   const DataSet& set) {
  std::vector<BlockName> names;
  const auto scanned = scan_summaries(reader, {}, [&](BlockRef block) {
    if (block.name.upload_id != set.upload_id &&
        std::ranges::binary_search(block.summary.device_ids, set.device_id)) {
      names.push_back(std::move(block.name));
    }
  });
  if (!scanned) return std::unexpected(scanned.error());
  return names;
}

/// Marks sets of the device as deleted, and lets those that lost records forget their chunks: one
/// that is sent again is new to them.
store::Result<void> mark_others(Edit& edit, const DataSet& set,
                                const std::set<std::string>& losers) {
  return scan_sets(edit.transaction(), [&](DataSet other) {
    if (other.upload_id == set.upload_id) return;
    const bool marked = other.device_id == set.device_id && !other.deleted_ms;
    if (marked) other.deleted_ms = edit.now_ms();
    if (losers.contains(other.upload_id)) other.chunks.clear();
    if (marked || losers.contains(other.upload_id)) put_set(edit.transaction(), other);
  });
}

class DeviceTruncateDataSet final : public Effects {
 public:
  Step<void> close(Edit& edit, DataSet& set) const override {
    if (set.device_id.empty()) return fail(StepError::Kind::kNoDeviceId);
    const auto names = other_blocks(edit.transaction(), set);
    if (!names) return fail(names.error());
    std::set<std::string> losers;
    for (const BlockName& name : *names) {
      const auto destroyed = edit.destroy(name, [&](const store::Block& block, uint32_t slot) {
        return block.device_id(slot) == set.device_id;
      });
      if (!destroyed) return fail(destroyed.error());
      if (*destroyed) losers.insert(name.upload_id);
    }
    const auto marked = mark_others(edit, set, losers);
    if (!marked) return fail(marked.error());
    return {};
  }
};

}  // namespace

const Effects& device_truncate_data_set() {
  static const DeviceTruncateDataSet effects;
  return effects;
}

}  // namespace tideway::dataset

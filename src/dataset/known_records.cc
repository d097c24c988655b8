#include "dataset/known_records.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "dataset/all_sets.h"
#include "dataset/calendar.h"
#include "dataset/identities.h"

namespace tideway::dataset {
namespace {

using PlacesById = std::unordered_map<std::string_view, size_t>;

/// Blocks that can hold one of the records, those in the trash left out.
store::Result<std::vector<BlockName>> find_candidates(Edit& edit, const Reach& wanted) {
  std::vector<BlockName> found;
  const auto take = [&](BlockRef block) {
    if (wanted.meets(block.summary)) found.push_back(std::move(block.name));
  };
  const auto scanned =
      scan_summaries_between(edit.transaction(), wanted.time_first_ms, wanted.time_last_ms, take);
  if (!scanned) return std::unexpected(scanned.error());
  std::map<std::string, uint32_t, std::less<>> first_blocks;
  std::vector<BlockName> kept;
  for (BlockName& name : found) {
    auto first = first_blocks.find(name.upload_id);
    if (first == first_blocks.end()) {
      const auto set = read_set(edit.transaction(), name.upload_id);
      if (!set) return std::unexpected(set.error());
      first = first_blocks.emplace(name.upload_id, *set ? (*set)->block_first : UINT32_MAX).first;
    }
    if (name.number >= first->second) kept.push_back(std::move(name));
  }
  return kept;
}

store::Result<void> mark_known(Edit& edit, const BlockName& name, const PlacesById& wanted,
                               const Records& records, std::vector<bool>& known) {
  const auto block = edit.block(name);
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr) return {};
  const auto mask = edit.mask(name);
  if (!mask) return std::unexpected(mask.error());
  for (uint32_t slot = 0; slot < (*block)->count(); ++slot) {
    if ((*mask)->is_gone(slot) || (*block)->id(slot).empty()) continue;
    const auto at = wanted.find((*block)->id(slot));
    if (at == wanted.end()) continue;
    const record::Record& record = *records[at->second];
    if ((*block)->time_ms(slot) == record.time_ms &&
        (*block)->device_id(slot) == record.device_id) {
      known[at->second] = true;
    }
  }
  return {};
}

}  // namespace

store::Result<std::vector<bool>> find_known(Edit& edit, const Records& records) {
  std::vector<bool> known(records.size());
  PlacesById wanted;
  Reach where;
  for (size_t i = 0; i < records.size(); ++i) {
    const record::Record& record = *records[i];
    if (!wanted.emplace(record.id, i).second) {
      known[i] = true;
      continue;
    }
    where.add(record.device_id, record.time_ms, record.time_ms);
  }
  const auto candidates = find_candidates(edit, where);
  if (!candidates) return std::unexpected(candidates.error());
  for (const BlockName& name : *candidates) {
    const auto marked = mark_known(edit, name, wanted, records, known);
    if (!marked) return std::unexpected(marked.error());
  }
  return known;
}

}  // namespace tideway::dataset

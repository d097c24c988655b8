#include "dataset/superseding.h"

#include <algorithm>
#include <map>

#include "dataset/all_sets.h"
#include "dataset/identities.h"

namespace tideway::dataset {
namespace {

using Sets = std::map<std::string, DataSet, std::less<>>;

store::Result<Sets> read_sets(Edit& edit) {
  Sets sets;
  const auto scanned = scan_sets(edit.transaction(), [&](DataSet set) {
    std::string upload_id = set.upload_id;
    sets.emplace(std::move(upload_id), std::move(set));
  });
  if (!scanned) return std::unexpected(scanned.error());
  for (const DataSet* const set : edit.changed_sets()) sets[set->upload_id] = *set;
  return sets;
}

/// A block whose records count, unless its mask says otherwise, and may have one of the identities.
struct Candidate {
  const DataSet* set;
  BlockName name;
  uint32_t count;
};

store::Result<std::vector<Candidate>> find_candidates(Edit& edit, const Sets& sets,
                                                      const Identities& identities) {
  std::vector<Candidate> candidates;
  const auto scanned = scan_summaries(edit.transaction(), {}, [&](BlockRef block) {
    const auto set = sets.find(block.name.upload_id);
    if (set == sets.end() || !set->second.active || block.name.number < set->second.block_first ||
        !identities.may_be_in(block.summary)) {
      return;
    }
    candidates.push_back({&set->second, std::move(block.name), block.summary.count});
  });
  if (!scanned) return std::unexpected(scanned.error());
  return candidates;
}

/// Calls `visit` with the block, mask, slot and identity of each record that has one of the
/// identities, and so its device, and is not gone.
template <class Visit>
store::Result<void> for_each_equal(Edit& edit, const Candidate& candidate, Identities& identities,
                                   Visit visit) {
  const auto block = edit.block(candidate.name);
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr) return {};
  const auto mask = edit.mask(candidate.name);
  if (!mask) return std::unexpected(mask.error());
  for (uint32_t slot = 0; slot < (*block)->count(); ++slot) {
    const store::IdentityHash* const hash = (*block)->identity(slot);
    if (hash != nullptr && !(*mask)->is_gone(slot) && identities.hashes.contains(*hash)) {
      visit(**block, **mask, slot, *hash);
    }
  }
  return {};
}

/// The sets that have a record of an identity and supersede others by it, in the order of closing.
using Superseding = std::map<store::IdentityHash, std::vector<const DataSet*>>;

store::Result<Superseding> find_superseding(Edit& edit, const std::vector<Candidate>& candidates,
                                            Identities& identities) {
  Superseding found;
  for (const Candidate& candidate : candidates) {
    const DataSet& set = *candidate.set;
    if (set.deduplicator != Deduplicator::kDeviceDeactivateHash || !set.closing) continue;
    const auto visited = for_each_equal(
        edit, candidate, identities,
        [&](const store::Block& block, auto&, uint32_t slot, const store::IdentityHash& hash) {
          if (block.device_id(slot) == set.device_id) found[hash].push_back(&set);
        });
    if (!visited) return std::unexpected(visited.error());
  }
  for (auto& [hash, sets] : found) {
    std::ranges::sort(sets, {}, [](const DataSet* set) { return set->closing->order; });
  }
  return found;
}

/// When the last record of a set was added.
store::Result<int64_t> last_added_ms(Edit& edit, const DataSet& set) {
  if (set.block_count == 0) return INT64_MIN;
  const auto block = edit.block({set.upload_id, set.block_count - 1});
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr || (*block)->count() == 0) return INT64_MIN;
  return (*block)->added_ms((*block)->count() - 1);
}

/// Gives a set its place among those that closed before, and a time that is not before the last
/// addition to a continuous set, see closed_after().
store::Result<void> place_closing(Edit& edit, const Sets& sets, DataSet& closing) {
  for (const auto& [upload_id, set] : sets) {
    if (upload_id == closing.upload_id || set.deduplicator != Deduplicator::kDeviceDeactivateHash) {
      continue;
    }
    if (set.closing) {
      closing.closing->order = std::max(closing.closing->order, set.closing->order + 1);
    }
    if (set.type != DataSet::Type::kContinuous) continue;
    const auto added_ms = last_added_ms(edit, set);
    if (!added_ms) return std::unexpected(added_ms.error());
    closing.closing->time_ms = std::max(closing.closing->time_ms, *added_ms);
  }
  return {};
}

/// Whether `closed` closed after the record began to count: when its own set was closed or, in a
/// continuous set, when it was added.
bool closed_after(const DataSet& closed, const DataSet& set, int64_t added_ms) {
  if (closed.upload_id == set.upload_id) return false;
  if (set.type == DataSet::Type::kContinuous) return closed.closing->time_ms >= added_ms;
  return closed.closing->order > set.closing->order;
}

}  // namespace

store::Result<int64_t> last_closing_ms(Edit& edit) {
  int64_t last_ms = 0;
  const auto scanned = scan_sets(edit.transaction(), [&](const DataSet& set) {
    if (set.deduplicator == Deduplicator::kDeviceDeactivateHash && set.closing) {
      last_ms = std::max(last_ms, set.closing->time_ms);
    }
  });
  if (!scanned) return std::unexpected(scanned.error());
  return last_ms;
}

store::Result<void> supersede(Edit& edit, DataSet& closing) {
  const auto sets = read_sets(edit);
  if (!sets) return std::unexpected(sets.error());
  const auto placed = place_closing(edit, *sets, closing);
  if (!placed) return placed;
  auto identities = collect_identities(
      edit, closing.upload_id, {closing.block_first, closing.block_count}, closing.device_id);
  if (!identities) return std::unexpected(identities.error());
  if (identities->hashes.empty()) return {};
  const auto candidates = find_candidates(edit, *sets, *identities);
  if (!candidates) return std::unexpected(candidates.error());
  for (const Candidate& candidate : *candidates) {
    if (candidate.set->upload_id == closing.upload_id) continue;
    // A backlog that is uploaded again and again leaves blocks of which nothing counts any more.
    const auto mask = edit.mask(candidate.name);
    if (!mask) return std::unexpected(mask.error());
    if ((*mask)->hidden_count() == candidate.count) continue;
    const auto visited = for_each_equal(
        edit, candidate, *identities, [&](auto&, Mask& edited, uint32_t slot, auto&) {
          if (!edited.hides(slot)) edited.supersede(slot, closing.upload_id, edit.now_ms());
        });
    if (!visited) return visited;
  }
  return {};
}

store::Result<void> supersede_anew(Edit& edit, const DataSet& changed, BlockRange range) {
  const auto sets = read_sets(edit);
  if (!sets) return std::unexpected(sets.error());
  auto identities = collect_identities(edit, changed.upload_id, range);
  if (!identities) return std::unexpected(identities.error());
  const auto candidates = find_candidates(edit, *sets, *identities);
  if (!candidates) return std::unexpected(candidates.error());
  const auto superseding = find_superseding(edit, *candidates, *identities);
  if (!superseding) return std::unexpected(superseding.error());

  const auto work_out = [&](const DataSet& set, const store::Block& block, Mask& mask,
                            uint32_t slot, const store::IdentityHash& hash) {
    const auto entry = superseding->find(hash);
    const DataSet* first = nullptr;
    if (entry != superseding->end()) {
      const auto found = std::ranges::find_if(entry->second, [&](const DataSet* closed) {
        return closed_after(*closed, set, block.added_ms(slot));
      });
      if (found != entry->second.end()) first = *found;
    }
    if (mask.superseded_by(slot) == (first == nullptr ? std::string_view() : first->upload_id)) {
      return;
    }
    if (first == nullptr) {
      mask.reinstate(slot, edit.now_ms());
    } else {
      mask.supersede(slot, first->upload_id, edit.now_ms());
    }
  };
  for (const Candidate& candidate : *candidates) {
    const auto visited = for_each_equal(
        edit, candidate, *identities,
        [&](const store::Block& block, Mask& mask, uint32_t slot, const store::IdentityHash& hash) {
          work_out(*candidate.set, block, mask, slot, hash);
        });
    if (!visited) return visited;
  }
  return {};
}

}  // namespace tideway::dataset

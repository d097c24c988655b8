#include "dataset/superseding.h"

#include <algorithm>
#include <map>

#include "dataset/all_sets.h"
#include "dataset/calendar.h"
#include "dataset/closings.h"
#include "dataset/identities.h"
#include "dataset/own_blocks.h"

namespace tideway::dataset {
namespace {

/// The user's sets as the step sees them, read when they are asked for.
class Sets {
 public:
  explicit Sets(Edit& edit) : edit_(edit) {
    for (const DataSet* const set : edit.changed_sets()) sets_[set->upload_id] = *set;
  }

  /// Null when there is no such set. Lives as long as this.
  store::Result<const DataSet*> find(const std::string& upload_id) {
    auto known = sets_.find(upload_id);
    if (known == sets_.end()) {
      auto set = read_set(edit_.transaction(), upload_id);
      if (!set) return std::unexpected(set.error());
      known = sets_.emplace(upload_id, std::move(*set)).first;
    }
    return known->second ? &*known->second : nullptr;
  }

 private:
  Edit& edit_;
  std::map<std::string, std::optional<DataSet>> sets_;
};

/// A block whose records count, unless its mask says otherwise, and are within reach.
struct Candidate {
  const DataSet* set;
  BlockRef block;
};

store::Result<std::vector<Candidate>> find_candidates(Edit& edit, Sets& sets, const Reach& reach) {
  std::vector<Candidate> candidates;
  if (reach.empty()) return candidates;
  store::Result<void> failure;
  const auto consider = [&](BlockRef block) {
    if (!reach.meets(block.summary)) return;
    const auto set = sets.find(block.name.upload_id);
    if (!set) failure = std::unexpected(set.error());
    if (!set || *set == nullptr || !(*set)->active || block.name.number < (*set)->block_first) {
      return;
    }
    candidates.push_back({*set, std::move(block)});
  };
  const auto scanned =
      scan_summaries_between(edit.transaction(), reach.time_first_ms, reach.time_last_ms, consider);
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return candidates;
}

/// Calls `visit` with the block, mask, slot and identity of each record that has one of the
/// identities, and so its device, and is not gone.
template <class Visit>
store::Result<void> for_each_equal(Edit& edit, const Candidate& candidate, Identities& identities,
                                   Visit visit) {
  const auto block = edit.block(candidate.block.name);
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr) return {};
  const auto mask = edit.mask(candidate.block.name);
  if (!mask) return std::unexpected(mask.error());
  for (uint32_t slot = 0; slot < (*block)->count(); ++slot) {
    const store::Identity* const identity = (*block)->identity(slot);
    if (identity != nullptr && !(*mask)->is_gone(slot) && identities.set.contains(*identity)) {
      visit(**block, **mask, slot, *identity);
    }
  }
  return {};
}

/// The sets that have a record of an identity and supersede others by it, in the order of closing.
using Superseding = std::map<store::Identity, std::vector<const DataSet*>>;

store::Result<Superseding> find_superseding(Edit& edit, const std::vector<Candidate>& candidates,
                                            Identities& identities) {
  Superseding found;
  for (const Candidate& candidate : candidates) {
    const DataSet& set = *candidate.set;
    if (set.deduplicator != Deduplicator::kDeviceDeactivateHash || !set.closing) continue;
    const auto visited = for_each_equal(
        edit, candidate, identities,
        [&](const store::Block& block, auto&, uint32_t slot, const store::Identity& identity) {
          if (block.device_id(slot) == set.device_id) found[identity].push_back(&set);
        });
    if (!visited) return std::unexpected(visited.error());
  }
  for (auto& [identity, sets] : found) {
    std::ranges::sort(sets, {}, [](const DataSet* set) { return set->closing->order; });
  }
  return found;
}

/// The blocks of other sets within reach that have records which count.
store::Result<std::vector<Candidate>> find_counting(Edit& edit, Sets& sets, const DataSet& closing,
                                                    const Reach& reach) {
  auto candidates = find_candidates(edit, sets, reach);
  if (!candidates) return candidates;
  std::vector<Candidate> counting;
  for (Candidate& candidate : *candidates) {
    if (candidate.set->upload_id == closing.upload_id) continue;
    // A backlog that is uploaded again and again leaves blocks of which nothing counts any more.
    const auto mask = edit.mask(candidate.block.name);
    if (!mask) return std::unexpected(mask.error());
    if ((*mask)->hidden_count() < candidate.block.summary.count) {
      counting.push_back(std::move(candidate));
    }
  }
  return counting;
}

store::Result<void> supersede_all(Edit& edit, const BlockRef& block, const DataSet& closing) {
  const auto mask = edit.mask(block.name);
  if (!mask) return std::unexpected(mask.error());
  (*mask)->supersede_all(block.summary.count, closing.upload_id, edit.now_ms());
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

store::Result<void> supersede(Edit& edit, DataSet& closing) {
  const auto placed = place_closing(edit.transaction(), *closing.closing);
  if (!placed) return placed;
  const auto own = OwnBlocks::read(edit.transaction(), closing);
  if (!own) return std::unexpected(own.error());
  Sets sets(edit);
  const auto candidates = find_counting(edit, sets, closing, own->reach());
  if (!candidates) return std::unexpected(candidates.error());
  std::vector<const Candidate*> others;
  for (const Candidate& candidate : *candidates) {
    const auto is_equal = own->has_equal(edit, candidate.block);
    if (!is_equal) return std::unexpected(is_equal.error());
    if (!*is_equal) {
      others.push_back(&candidate);
      continue;
    }
    const auto done = supersede_all(edit, candidate.block, closing);
    if (!done) return done;
  }
  if (others.empty()) return {};
  auto identities = collect_identities(
      edit, closing.upload_id, {closing.block_first, closing.block_count}, closing.device_id);
  if (!identities) return std::unexpected(identities.error());
  for (const Candidate* const candidate : others) {
    const auto visited = for_each_equal(
        edit, *candidate, *identities, [&](auto&, Mask& edited, uint32_t slot, auto&) {
          if (!edited.hides(slot)) edited.supersede(slot, closing.upload_id, edit.now_ms());
        });
    if (!visited) return visited;
  }
  return {};
}

store::Result<void> supersede_anew(Edit& edit, const DataSet& changed, BlockRange range) {
  auto identities = collect_identities(edit, changed.upload_id, range);
  if (!identities) return std::unexpected(identities.error());
  Sets sets(edit);
  const auto candidates = find_candidates(edit, sets, identities->reach);
  if (!candidates) return std::unexpected(candidates.error());
  const auto superseding = find_superseding(edit, *candidates, *identities);
  if (!superseding) return std::unexpected(superseding.error());

  const auto work_out = [&](const DataSet& set, const store::Block& block, Mask& mask,
                            uint32_t slot, const store::Identity& identity) {
    const auto entry = superseding->find(identity);
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
        [&](const store::Block& block, Mask& mask, uint32_t slot, const store::Identity& identity) {
          work_out(*candidate.set, block, mask, slot, identity);
        });
    if (!visited) return visited;
  }
  return {};
}

}  // namespace tideway::dataset

#include "dataset/sweep.h"

#include <memory>
#include <utility>
#include <vector>

#include "dataset/all_sets.h"
#include "dataset/blocks.h"
#include "dataset/calendar.h"
#include "dataset/created_sets.h"
#include "dataset/data_set.h"
#include "dataset/data_sets.h"
#include "dataset/edit.h"
#include "dataset/keys.h"
#include "dataset/removals.h"

namespace tideway::dataset {
namespace {

using store::Outcome;

constexpr int64_t kCreatedKeptMs = int64_t{7} * 24 * 3600 * 1000;

/// What is to be swept from one user.
struct Due {
  std::vector<DataSet> deleted;
  std::vector<DataSet> empty;

  bool any() const { return !deleted.empty() || !empty.empty(); }
};

store::Result<Due> find_due(const store::Reader& reader, const SweepLimits& limits,
                            int64_t now_ms) {
  Due due;
  const auto scanned = scan_sets(reader, [&](DataSet set) {
    if (set.trash && now_ms - set.trash->time_ms >= limits.trash_kept_ms) {
      due.deleted.push_back(std::move(set));
    } else if (set.record_count == 0 && !set.active && !set.is_closed() &&
               now_ms - set.created_ms >= limits.empty_sets_kept_ms) {
      due.empty.push_back(std::move(set));
    }
  });
  if (!scanned) return std::unexpected(scanned.error());
  return due;
}

/// Destroys what is in the trash of a set. The set stays, as its deletion left it.
store::Result<void> empty_trash(store::Transaction& transaction, DataSet& set) {
  const auto scanned = scan_summaries(transaction, set.upload_id, [&](const BlockRef& block) {
    if (block.name.number < set.block_first) erase_summary(transaction, block.name, block.summary);
  });
  if (!scanned) return scanned;
  for (auto* const key : {&block_key, &mask_key}) {
    transaction.erase_range((*key)(set.upload_id, set.trash->block_first),
                            (*key)(set.upload_id, set.block_first));
  }
  // With blocks added since, entries that point into the trash are left: they are known by their
  // numbers.
  if (set.block_first == set.block_count) {
    const std::string prefix = index_prefix(set.upload_id);
    transaction.erase_range(prefix, store::prefix_end(prefix));
  }
  set.trash.reset();
  put_set(transaction, set);
  return {};
}

bool is_superseded_since(const Mask& mask, uint32_t slot, int64_t time_ms) {
  return !mask.superseded_by(slot).empty() && *mask.changed_ms(slot) <= time_ms;
}

/// Destroys the records that have been superseded since `time_ms`, and says how many.
store::Result<uint64_t> destroy_superseded(Edit& edit, int64_t time_ms) {
  std::vector<std::pair<BlockName, std::vector<uint32_t>>> found;
  const auto scanned = scan_masks(edit.transaction(), [&](BlockName name, const Mask& mask) {
    std::vector<uint32_t> slots;
    for (uint32_t slot = 0; slot < store::kBlockRecordsMax; ++slot) {
      if (is_superseded_since(mask, slot, time_ms)) slots.push_back(slot);
    }
    if (!slots.empty()) found.emplace_back(std::move(name), std::move(slots));
  });
  if (!scanned) return std::unexpected(scanned.error());
  uint64_t count = 0;
  for (const auto& [name, slots] : found) {
    const auto mask = edit.mask(name);
    if (!mask) return std::unexpected(mask.error());
    for (const uint32_t slot : slots) (*mask)->destroy(slot, edit.now_ms());
    count += slots.size();
  }
  return count;
}

/// A step of its own, since it writes blocks anew.
store::Result<uint64_t> sweep_superseded(store::Store& store, std::string_view user_id,
                                         const store::IdCipher& cipher, int64_t kept_ms,
                                         int64_t now_ms) {
  uint64_t count = 0;
  const auto updated =
      store.update(user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        Edit edit(transaction, cipher, now_ms);
        const auto destroyed = destroy_superseded(edit, now_ms - kept_ms);
        if (!destroyed) return std::unexpected(destroyed.error());
        count = *destroyed;
        if (count == 0) return Outcome::kAbandon;
        const auto finished = edit.finish();
        if (!finished) return std::unexpected(finished.error());
        return Outcome::kCommit;
      });
  if (!updated) return std::unexpected(updated.error());
  return count;
}

/// `sets` is there when superseded records are to be destroyed.
store::Result<Swept> sweep_user(store::Store& store, std::string_view user_id, const DataSets* sets,
                                const SweepLimits& limits, int64_t now_ms) {
  Swept swept;
  const auto updated =
      store.update(user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        auto due = find_due(transaction, limits, now_ms);
        if (!due) return std::unexpected(due.error());
        const auto forgotten = sweep_created(transaction, now_ms - kCreatedKeptMs);
        if (!forgotten) return std::unexpected(forgotten.error());
        const auto removed = sweep_removals(transaction, now_ms - limits.trash_kept_ms);
        if (!removed) return std::unexpected(removed.error());
        for (DataSet& set : due->deleted) {
          const auto emptied = empty_trash(transaction, set);
          if (!emptied) return std::unexpected(emptied.error());
        }
        for (const DataSet& set : due->empty) erase_set(transaction, set);
        swept = {.deletions = due->deleted.size(), .empty_sets = due->empty.size()};
        return due->any() || *forgotten || *removed ? Outcome::kCommit : Outcome::kAbandon;
      });
  if (!updated) return std::unexpected(updated.error());
  if (sets != nullptr) {
    const auto destroyed =
        sweep_superseded(store, user_id, sets->id_cipher(), *limits.superseded_kept_ms, now_ms);
    if (!destroyed) return std::unexpected(destroyed.error());
    swept.superseded = *destroyed;
  }
  if (swept.deletions > 0 || swept.superseded > 0) {
    const auto reclaimed = store.reclaim(user_id);
    if (!reclaimed) return std::unexpected(reclaimed.error());
  }
  return swept;
}

}  // namespace

store::Result<Swept> sweep(store::Store& store, const SweepLimits& limits, int64_t now_ms,
                           const std::function<bool()>& should_stop) {
  std::unique_ptr<DataSets> sets;
  if (limits.superseded_kept_ms) {
    auto opened = DataSets::open(store);
    if (!opened) return std::unexpected(opened.error());
    sets = *std::move(opened);
  }
  Swept total;
  store::Result<void> failure;
  const auto walked = store.partitions([&](std::string_view partition) {
    if (partition == store::kDirectoryPartition) return true;
    const auto swept = sweep_user(store, partition, sets.get(), limits, now_ms);
    if (swept) {
      total.deletions += swept->deletions;
      total.empty_sets += swept->empty_sets;
      total.superseded += swept->superseded;
    } else if (failure) {
      failure = std::unexpected(swept.error());
    }
    return !should_stop();
  });
  if (!walked) return std::unexpected(walked.error());
  if (!failure) return std::unexpected(failure.error());
  return total;
}

}  // namespace tideway::dataset

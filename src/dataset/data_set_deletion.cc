// Deleting data sets, and undoing it.
#include <algorithm>

#include "dataset/all_sets.h"
#include "dataset/data_set_id.h"
#include "dataset/data_sets.h"
#include "dataset/deduplicators/effects.h"
#include "dataset/keys.h"

namespace tideway::dataset {
namespace {

using store::Outcome;

/// Everything of data sets in a user's partition.
constexpr std::string_view kKinds = "SbBMOIRaAHE";

Outcome move_to_trash(Edit& edit, DataSet& set) {
  const bool is_new = !set.deleted_ms;
  if (!is_new && set.block_first == set.block_count) return Outcome::kAbandon;
  set.trash = {.time_ms = edit.now_ms(),
               .marked = is_new || (set.trash && set.trash->marked),
               .block_first = set.trash ? set.trash->block_first : set.block_first};
  set.block_first = set.block_count;
  set.chunks.clear();
  if (is_new) {
    set.deleted_ms = set.modified_ms = edit.now_ms();
    ++set.revision;
  }
  return Outcome::kCommit;
}

Step<Outcome> remove_one(Edit& edit, DataSet& set) {
  const Outcome outcome = move_to_trash(edit, set);
  if (outcome == Outcome::kAbandon) return outcome;
  const Step<void> followed = effects_of(set.deduplicator).follow_deletion(edit, set);
  if (!followed) return std::unexpected(followed.error());
  return outcome;
}

/// Moves all to the trash before anything follows: what comes back because of one deletion must not
/// be held down by a set that goes in the same step.
Step<void> remove_all(Edit& edit, std::vector<DataSet>& sets) {
  for (DataSet& set : sets) {
    move_to_trash(edit, set);
    edit.note_change(set);
  }
  for (const DataSet& set : sets) {
    const Step<void> followed = effects_of(set.deduplicator).follow_deletion(edit, set);
    if (!followed) return followed;
    put_set(edit.transaction(), set);
  }
  return {};
}

/// A set that can neither be closed nor deleted alone, see device_deactivate_hash.cc.
bool is_stuck(const DataSet& set) {
  return set.deduplicator == Deduplicator::kDeviceDeactivateHash && set.device_id.empty();
}

Step<Outcome> take_from_trash(Edit& edit, DataSet& set) {
  if (!set.trash) return fail(StepError::Kind::kNotDeleted);
  const uint32_t added_first = set.block_first;
  set.block_first = set.trash->block_first;
  if (set.trash->marked) set.deleted_ms.reset();
  set.trash.reset();
  set.chunks.clear();
  set.modified_ms = edit.now_ms();
  set.restored_ms = edit.now_ms();
  ++set.revision;
  const Step<void> followed =
      effects_of(set.deduplicator).follow_restoration(edit, set, added_first);
  if (!followed) return std::unexpected(followed.error());
  return Outcome::kCommit;
}

}  // namespace

Step<void> DataSets::remove_set(std::string_view user_id, std::string_view upload_id,
                                int64_t now_ms) {
  const auto removed = change_set(user_id, upload_id, now_ms, remove_one);
  if (!removed) return std::unexpected(removed.error());
  return {};
}

Step<DataSet> DataSets::restore(std::string_view user_id, std::string_view upload_id,
                                int64_t now_ms) {
  return change_set(user_id, upload_id, now_ms, take_from_trash);
}

Step<std::vector<DataSet>> DataSets::remove_sets(std::string_view user_id, const SetFilter& filter,
                                                 bool dry_run, int64_t now_ms) {
  Step<std::vector<DataSet>> result;
  const auto updated =
      store_.update(user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        std::vector<DataSet> sets;
        const auto scanned = scan_sets(transaction, [&](DataSet set) {
          if (!set.deleted_ms && filter.matches(set) && !is_stuck(set))
            sets.push_back(std::move(set));
        });
        if (!scanned) return std::unexpected(scanned.error());
        result = sets;
        if (dry_run || sets.empty()) return Outcome::kAbandon;
        Edit edit(transaction, cipher_, now_ms);
        const Step<void> removed = remove_all(edit, sets);
        if (!removed) {
          result = std::unexpected(removed.error());
          return Outcome::kAbandon;
        }
        const auto finished = edit.finish();
        if (!finished) return std::unexpected(finished.error());
        return Outcome::kCommit;
      });
  if (!updated) return fail(updated.error());
  return result;
}

Step<void> DataSets::erase_all(std::string_view user_id) {
  std::vector<std::string> chosen_ids;
  const auto erased =
      store_.update(user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        chosen_ids.clear();
        const auto scanned = scan_sets(transaction, [&](const DataSet& set) {
          if (!hinted_user(cipher_, set.upload_id)) chosen_ids.push_back(set.upload_id);
        });
        if (!scanned) return std::unexpected(scanned.error());
        for (const char kind : kKinds) {
          const std::string prefix(1, kind);
          transaction.erase_range(prefix, store::prefix_end(prefix));
        }
        return Outcome::kCommit;
      });
  if (!erased) return fail(erased.error());
  release_ids(user_id, chosen_ids);
  // Erased means gone from the disk as well. If that fails now, the engine comes to it in time.
  static_cast<void>(store_.reclaim(user_id));
  return {};
}

/// Takes ids of sets that are no more out of the directory, but for those that the user gave again
/// meanwhile: create() commits the set, then sees to its entry. An entry that stays because of a
/// failure points nowhere, which does no harm.
void DataSets::release_ids(std::string_view user_id, const std::vector<std::string>& upload_ids) {
  if (upload_ids.empty()) return;
  const auto release = [&](store::Transaction& directory) -> store::Result<Outcome> {
    for (const std::string& upload_id : upload_ids) {
      const auto set = find_in(user_id, upload_id);
      if (!set) return std::unexpected(set.error());
      if (!*set) directory.erase(directory_key(upload_id));
    }
    return Outcome::kCommit;
  };
  static_cast<void>(store_.update(store::kDirectoryPartition, release));
}

}  // namespace tideway::dataset

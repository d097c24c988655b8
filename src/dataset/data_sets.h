// The life of data sets: opened, filled, closed, deleted, restored (docs/spec/datasets.md). Each
// function is one atomic, durable step; steps of one user run one after another.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/data_set.h"
#include "dataset/data_set_update.h"
#include "dataset/edit.h"
#include "dataset/selection.h"
#include "dataset/step.h"
#include "record/batch.h"
#include "store/block.h"
#include "store/store.h"

namespace tideway::dataset {

/// Closing a set again within this time is answered as the first time, if the same user does it:
/// the answer may have been lost on its way.
inline constexpr int64_t kCloseAgainMs = 10 * 60 * 1000;

/// Which of a user's sets. An empty condition holds for all.
struct SetFilter {
  std::string client_name;
  std::string device_id;
  std::optional<int64_t> created_first_ms;  ///< inclusive, as the next
  std::optional<int64_t> created_last_ms;
  bool with_deleted = false;

  bool matches(const DataSet& set) const;
};

struct Page {
  size_t number = 0;
  size_t size = 100;
};

class DataSets {
 public:
  /// Makes the store's id key at the first start. A user whose partition has the key `deleted_key`
  /// gets no set: the account may go while a request is on its way. All other steps are about sets
  /// that are there, and so need not look.
  static store::Result<std::unique_ptr<DataSets>> open(store::Store& store,
                                                       std::string_view deleted_key = {});

  /// Stores `set`, giving it the ids it lacks; see make_data_set. With an idempotency key that the
  /// user gave before, the set that was made then.
  Step<DataSet> create(DataSet set, std::string_view idempotency_key = {});

  /// A set by its id, whoever's it is.
  Step<DataSet> find(std::string_view upload_id);

  /// The user's visible sets that match, newest first.
  Step<std::vector<DataSet>> list(std::string_view user_id, const SetFilter& filter, Page page);

  /// Adds checked records; the batch must have been read with the options of read_options().
  /// `chunk` is the request that brought them: one that the set remembers adds nothing again.
  Step<void> add(std::string_view user_id, std::string_view upload_id, const record::Batch& batch,
                 const Chunk& chunk, int64_t now_ms);

  /// The same without waiting for the disk; null when there is nothing to wait for.
  Step<std::shared_ptr<store::Commit>> add_later(std::string_view user_id,
                                                 std::string_view upload_id,
                                                 const record::Batch& batch, const Chunk& chunk,
                                                 int64_t now_ms);

  /// Adds those records, all of which have ids, that the user does not have yet to a set of the
  /// legacy upload; of any other it says that it is closed. Tells which of the batch were known.
  Step<std::vector<bool>> add_new(std::string_view user_id, std::string_view upload_id,
                                  const record::Batch& batch, int64_t now_ms);

  /// What the set's deduplicator asks of a batch.
  static record::ReadOptions read_options(const DataSet& set);

  /// Takes single records away, as the set's deduplicator does it.
  Step<void> remove(std::string_view user_id, std::string_view upload_id,
                    const Selection& selection, int64_t now_ms);

  /// Changes an open continuous set, and closes it if the update says so.
  Step<DataSet> update(std::string_view user_id, std::string_view upload_id,
                       const DataSetUpdate& update, std::string_view caller_id, int64_t now_ms);

  /// Closes a set: its records become visible and supersede what the deduplicator says. The caller
  /// is empty for a service.
  Step<DataSet> close(std::string_view user_id, std::string_view upload_id,
                      std::string_view caller_id, int64_t now_ms);

  /// Moves the records of a set to the trash; what they had superseded comes back.
  Step<void> remove_set(std::string_view user_id, std::string_view upload_id, int64_t now_ms);

  /// Undoes remove_set, until the trash is emptied.
  Step<DataSet> restore(std::string_view user_id, std::string_view upload_id, int64_t now_ms);

  /// remove_set for all matching sets that are not deleted yet, in one step. Returns them as they
  /// were before. With `dry_run` nothing changes.
  Step<std::vector<DataSet>> remove_sets(std::string_view user_id, const SetFilter& filter,
                                         bool dry_run, int64_t now_ms);

  /// The sets whose trash is not empty, the last deleted first.
  Step<std::vector<DataSet>> list_deleted(std::string_view user_id);

  /// Destroys all sets of a user with their records, for good.
  Step<void> erase_all(std::string_view user_id);

  const store::IdCipher& id_cipher() const { return cipher_; }

 private:
  using Change = std::function<Step<store::Outcome>(Edit&, DataSet&)>;

  DataSets(store::Store& store, std::string_view deleted_key, const Bytes16& id_key);

  store::Result<bool> is_deleted(const store::Reader& reader) const;
  Step<void> claim_id(const DataSet& set);
  void release_ids(std::string_view user_id, const std::vector<std::string>& upload_ids);
  store::Result<std::optional<DataSet>> find_in(std::string_view user_id,
                                                std::string_view upload_id);

  struct Changed {
    DataSet set;
    std::shared_ptr<store::Commit> commit;  ///< null when nothing was stored
  };

  Step<Changed> change_later(std::string_view user_id, std::string_view upload_id, int64_t now_ms,
                             const Change& change);
  /// Runs `change` on a set and stores what it made of it.
  Step<DataSet> change_set(std::string_view user_id, std::string_view upload_id, int64_t now_ms,
                           const Change& change);

  store::Store& store_;
  const std::string deleted_key_;
  store::IdCipher cipher_;
};

}  // namespace tideway::dataset

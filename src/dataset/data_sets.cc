// Opening and finding data sets.
#include "dataset/data_sets.h"

#include <algorithm>
#include <chrono>

#include "base/ids.h"
#include "dataset/all_sets.h"
#include "dataset/created_sets.h"
#include "dataset/data_set_id.h"
#include "dataset/keys.h"

namespace tideway::dataset {
namespace {

using store::Outcome;
using store::Transaction;

/// Finer than milliseconds, so that sets that were opened one right after the other keep their
/// order.
uint64_t next_order() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

DataSets::DataSets(store::Store& store, std::string_view deleted_key, const Bytes16& id_key)
    : store_(store), deleted_key_(deleted_key), cipher_(id_key) {}

store::Result<std::unique_ptr<DataSets>> DataSets::open(store::Store& store,
                                                        std::string_view deleted_key) {
  Bytes16 key{};
  auto updated = store.update(
      store::kDirectoryPartition, [&](Transaction& directory) -> store::Result<Outcome> {
        const auto stored = directory.get(kIdKeyName);
        if (!stored) return std::unexpected(stored.error());
        if (*stored) {
          if ((*stored)->size() != key.size()) {
            return std::unexpected(
                store::Error{store::Error::Kind::kCorruption, "the id key has a wrong length"});
          }
          std::ranges::copy(**stored, key.begin());
          return Outcome::kAbandon;
        }
        key = random_bytes16();
        directory.put(kIdKeyName, {reinterpret_cast<const char*>(key.data()), key.size()});
        return Outcome::kCommit;
      });
  if (!updated) return std::unexpected(updated.error());
  return std::unique_ptr<DataSets>(new DataSets(store, deleted_key, key));
}

store::Result<std::optional<DataSet>> DataSets::find_in(std::string_view user_id,
                                                        std::string_view upload_id) {
  const auto bytes = store_.get(user_id, data_set_key(upload_id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto set = DataSet::decode(**bytes);
  if (!set) return std::unexpected(set.error());
  return std::move(*set);
}

Step<DataSet> DataSets::find(std::string_view upload_id) {
  if (!is_data_set_id(upload_id)) return fail(StepError::Kind::kNotFound);
  if (const auto user_id = hinted_user(cipher_, upload_id)) {
    auto set = find_in(*user_id, upload_id);
    if (!set) return fail(set.error());
    if (*set) return std::move(**set);
  }
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return fail(directory.error());
  const auto user_id = (*directory)->get(directory_key(upload_id));
  if (!user_id) return fail(user_id.error());
  if (!*user_id) return fail(StepError::Kind::kNotFound);
  auto set = find_in(**user_id, upload_id);
  if (!set) return fail(set.error());
  if (!*set) return fail(StepError::Kind::kNotFound);
  return std::move(**set);
}

/// Enters an id without a hint into the directory, before the set itself. An entry that a crash
/// left behind points to nothing and is used again by its user; others get another id.
Step<void> DataSets::claim_id(const DataSet& set) {
  bool taken = false;
  const auto entered = store_.update(
      store::kDirectoryPartition, [&](Transaction& directory) -> store::Result<Outcome> {
        const auto owner = directory.get(directory_key(set.upload_id));
        if (!owner) return std::unexpected(owner.error());
        taken = owner->has_value() && **owner != set.user_id;
        if (owner->has_value()) return Outcome::kAbandon;
        directory.put(directory_key(set.upload_id), set.user_id);
        return Outcome::kCommit;
      });
  if (!entered) return fail(entered.error());
  if (taken) return fail(StepError::Kind::kTaken);
  return {};
}

/// Deleting an account is one commit of its partition, so inside a transaction it is certain.
store::Result<bool> DataSets::is_deleted(const store::Reader& reader) const {
  if (deleted_key_.empty()) return false;
  const auto mark = reader.get(deleted_key_);
  if (!mark) return std::unexpected(mark.error());
  return mark->has_value();
}

Step<DataSet> DataSets::create(DataSet set, std::string_view idempotency_key) {
  std::optional<std::string> hinted;
  if (set.upload_id.empty()) {
    hinted = make_hinted_id(cipher_, set.user_id);
    set.upload_id = set.id = hinted ? *hinted : random_id();
  } else if (set.id.empty()) {
    set.id = random_id();
  }
  if (!hinted) {
    const Step<void> claimed = claim_id(set);
    if (!claimed) return std::unexpected(claimed.error());
  }
  bool taken = false;
  bool deleted = false;
  std::optional<DataSet> made_before;
  const auto updated =
      store_.update(set.user_id, [&](Transaction& transaction) -> store::Result<Outcome> {
        const auto gone = is_deleted(transaction);
        if (!gone) return std::unexpected(gone.error());
        deleted = *gone;
        if (deleted) return Outcome::kAbandon;
        auto before = find_created(transaction, idempotency_key);
        if (!before) return std::unexpected(before.error());
        made_before = std::move(*before);
        if (made_before) return Outcome::kAbandon;
        const auto existing = transaction.get(data_set_key(set.upload_id));
        if (!existing) return std::unexpected(existing.error());
        taken = existing->has_value();
        if (taken) return Outcome::kAbandon;
        set.created_order = next_order();
        put_set(transaction, set);
        enter_set(transaction, set);
        put_created(transaction, idempotency_key, set);
        return Outcome::kCommit;
      });
  if (!updated) return fail(updated.error());
  if (deleted) {
    if (!hinted) release_ids(set.user_id, {set.upload_id});
    return fail(StepError::Kind::kNoAccount);
  }
  if (made_before) return std::move(*made_before);
  if (taken) return fail(StepError::Kind::kTaken);
  if (!hinted) {
    // An erasure of a set that had the id may have come between. If the store fails only now, the
    // entry is there all the same, but for that.
    const Step<void> claimed = claim_id(set);
    if (!claimed && claimed.error().kind == StepError::Kind::kTaken)
      return std::unexpected(claimed.error());
  }
  return set;
}

}  // namespace tideway::dataset

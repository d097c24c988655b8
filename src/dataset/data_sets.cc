#include "dataset/data_sets.h"

#include <algorithm>
#include <functional>

#include "base/ids.h"
#include "dataset/append.h"
#include "dataset/data_set_id.h"
#include "dataset/deactivate_hash.h"
#include "dataset/keys.h"

namespace tideway::dataset {
namespace {

using store::Outcome;
using store::Transaction;

std::unexpected<StepError> fail(StepError::Kind kind) { return std::unexpected(StepError{kind}); }

std::unexpected<StepError> fail(const store::Error& error) {
  return std::unexpected(StepError{StepError::Kind::kStore, error});
}

store::Result<std::optional<DataSet>> load(const store::Reader& reader,
                                           std::string_view upload_id) {
  const auto bytes = reader.get(data_set_key(upload_id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto set = DataSet::decode(**bytes);
  if (!set) return std::unexpected(set.error());
  return std::move(*set);
}

void put(Transaction& transaction, const DataSet& set) {
  transaction.put(data_set_key(set.upload_id), set.encode());
}

/// Deduplicators whose effects are in place; the others can be named but not used yet.
bool is_implemented(Deduplicator deduplicator) {
  return deduplicator == Deduplicator::kNone ||
         deduplicator == Deduplicator::kDeviceDeactivateHash;
}

/// Runs `change` on an open set and stores what it made of it.
Step<DataSet> change_open_set(
    store::Store& store, std::string_view user_id, std::string_view upload_id,
    const std::function<Step<void>(Transaction&, DataSet&)>& change) {
  Step<DataSet> result = fail(StepError::Kind::kNotFound);
  auto updated = store.update(user_id, [&](Transaction& transaction) -> store::Result<Outcome> {
    auto set = load(transaction, upload_id);
    if (!set) return std::unexpected(set.error());
    if (!*set) {
      result = fail(StepError::Kind::kNotFound);
      return Outcome::kAbandon;
    }
    if ((*set)->state == DataSet::State::kClosed) {
      result = fail(StepError::Kind::kClosed);
      return Outcome::kAbandon;
    }
    const Step<void> changed = change(transaction, **set);
    if (!changed) {
      result = std::unexpected(changed.error());
      return Outcome::kAbandon;
    }
    put(transaction, **set);
    result = std::move(**set);
    return Outcome::kCommit;
  });
  if (!updated) return fail(updated.error());
  return result;
}

}  // namespace

DataSets::DataSets(store::Store& store, const Bytes16& id_key) : store_(store), cipher_(id_key) {}

store::Result<std::unique_ptr<DataSets>> DataSets::open(store::Store& store) {
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
  return std::unique_ptr<DataSets>(new DataSets(store, key));
}

store::Result<std::optional<DataSet>> DataSets::find_in(std::string_view user_id,
                                                        std::string_view upload_id) {
  const auto reader = store_.read(user_id);
  if (!reader) return std::unexpected(reader.error());
  return load(**reader, upload_id);
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

Step<DataSet> DataSets::create(DataSet set) {
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
  const auto updated =
      store_.update(set.user_id, [&](Transaction& transaction) -> store::Result<Outcome> {
        const auto existing = transaction.get(data_set_key(set.upload_id));
        if (!existing) return std::unexpected(existing.error());
        taken = existing->has_value();
        if (taken) return Outcome::kAbandon;
        put(transaction, set);
        return Outcome::kCommit;
      });
  if (!updated) return fail(updated.error());
  if (taken) return fail(StepError::Kind::kTaken);
  return set;
}

record::ReadOptions DataSets::read_options(const DataSet& set) {
  return {.with_identity = uses_identity(set),
          .requires_device_id = set.deduplicator == Deduplicator::kDeviceDeactivateHash};
}

Step<void> DataSets::add(std::string_view user_id, std::string_view upload_id,
                         const record::Batch& batch) {
  const auto added =
      change_open_set(store_, user_id, upload_id, [&](Transaction& transaction, DataSet& set) {
        if (!is_implemented(set.deduplicator)) {
          return Step<void>(fail(StepError::Kind::kNotImplemented));
        }
        const auto appended = append(transaction, set, batch);
        return appended ? Step<void>() : Step<void>(fail(appended.error()));
      });
  if (!added) return std::unexpected(added.error());
  return {};
}

Step<DataSet> DataSets::close(std::string_view user_id, std::string_view upload_id,
                              int64_t now_ms) {
  const auto step = [&](Transaction& transaction, DataSet& set) -> Step<void> {
    if (!is_implemented(set.deduplicator)) return fail(StepError::Kind::kNotImplemented);
    if (set.deduplicator == Deduplicator::kDeviceDeactivateHash) {
      if (set.device_id.empty()) return fail(StepError::Kind::kNoDeviceId);
      const auto archived = archive_by_hash(transaction, set, now_ms);
      if (!archived) return fail(archived.error());
    }
    // The reference counts the change of state and the activation apart.
    set.revision += set.active ? 1 : 2;
    set.state = DataSet::State::kClosed;
    set.active = true;
    set.modified_ms = now_ms;
    return {};
  };
  return change_open_set(store_, user_id, upload_id, step);
}

}  // namespace tideway::dataset

// Filling, changing and closing data sets.
#include <algorithm>

#include "dataset/all_sets.h"
#include "dataset/append.h"
#include "dataset/data_sets.h"
#include "dataset/deduplicators/effects.h"

namespace tideway::dataset {
namespace {

using store::Outcome;

/// Whether the set remembers the chunk. A chunk with a key is known by the key alone: one with a
/// new key is meant to be stored, whatever it says.
Step<bool> remembers(const DataSet& set, const Chunk& chunk) {
  const auto match = chunk.key == 0 ? std::ranges::find(set.chunks, chunk.body, &Chunk::body)
                                    : std::ranges::find(set.chunks, chunk.key, &Chunk::key);
  if (match == set.chunks.end()) return false;
  if (match->body != chunk.body) return fail(StepError::Kind::kKeyReused);
  return true;
}

void remember(DataSet& set, const Chunk& chunk) {
  if (set.chunks.size() == kChunksMax) set.chunks.erase(set.chunks.begin());
  set.chunks.push_back(chunk);
}

/// Closes an open set. A retry is told by the close before it.
Step<Outcome> close_set(Edit& edit, DataSet& set, std::string_view caller_id) {
  set.closing = {.time_ms = edit.now_ms(), .user_id = std::string(caller_id)};
  const Step<void> done = effects_of(set.deduplicator).close(edit, set);
  if (!done) return std::unexpected(done.error());
  const auto sealed = seal_tail(edit, set);
  if (!sealed) return fail(sealed.error());
  set.active = true;
  set.modified_ms = edit.now_ms();
  set.chunks.clear();
  return Outcome::kCommit;
}

bool is_retried_close(const DataSet& set, std::string_view caller_id, int64_t now_ms) {
  return set.is_closed() && set.closing->user_id == caller_id &&
         now_ms - set.closing->time_ms <= kCloseAgainMs;
}

}  // namespace

Step<DataSets::Changed> DataSets::change_later(std::string_view user_id, std::string_view upload_id,
                                               int64_t now_ms, const Change& change) {
  Step<DataSet> result = fail(StepError::Kind::kNotFound);
  auto commit =
      store_.update_later(user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        auto set = read_set(transaction, upload_id);
        if (!set) return std::unexpected(set.error());
        if (!*set) {
          result = fail(StepError::Kind::kNotFound);
          return Outcome::kAbandon;
        }
        Edit edit(transaction, cipher_, now_ms);
        edit.note_change(**set);
        const Step<Outcome> outcome = change(edit, **set);
        if (!outcome) {
          result = std::unexpected(outcome.error());
          return Outcome::kAbandon;
        }
        const auto finished = edit.finish();
        if (!finished) return std::unexpected(finished.error());
        if (*outcome == Outcome::kCommit) put_set(transaction, **set);
        result = std::move(**set);
        return *outcome;
      });
  if (!commit) return fail(commit.error());
  if (!result) return std::unexpected(result.error());
  return Changed{std::move(*result), std::move(*commit)};
}

Step<DataSet> DataSets::change_set(std::string_view user_id, std::string_view upload_id,
                                   int64_t now_ms, const Change& change) {
  auto changed = change_later(user_id, upload_id, now_ms, change);
  if (!changed) return std::unexpected(changed.error());
  if (const auto kept = store::wait_for(changed->commit); !kept) return fail(kept.error());
  return std::move(changed->set);
}

record::ReadOptions DataSets::read_options(const DataSet& set) {
  return effects_of(set.deduplicator).read_options();
}

Step<std::shared_ptr<store::Commit>> DataSets::add_later(std::string_view user_id,
                                                         std::string_view upload_id,
                                                         const record::Batch& batch,
                                                         const Chunk& chunk, int64_t now_ms) {
  const auto step = [&](Edit& edit, DataSet& set) -> Step<Outcome> {
    if (set.is_closed()) return fail(StepError::Kind::kClosed);
    if (batch.records.empty()) return Outcome::kAbandon;
    const auto known = remembers(set, chunk);
    if (!known) return std::unexpected(known.error());
    const Effects& effects = effects_of(set.deduplicator);
    const auto added = *known ? effects.add_again(edit, set, all_of(batch))
                              : effects.add(edit, set, all_of(batch));
    if (!added) return fail(added.error());
    if (!*known) remember(set, chunk);
    return Outcome::kCommit;
  };
  auto added = change_later(user_id, upload_id, now_ms, step);
  if (!added) return std::unexpected(added.error());
  return std::move(added->commit);
}

Step<void> DataSets::add(std::string_view user_id, std::string_view upload_id,
                         const record::Batch& batch, const Chunk& chunk, int64_t now_ms) {
  const auto commit = add_later(user_id, upload_id, batch, chunk, now_ms);
  if (!commit) return std::unexpected(commit.error());
  if (const auto kept = store::wait_for(*commit); !kept) return fail(kept.error());
  return {};
}

Step<void> DataSets::remove(std::string_view user_id, std::string_view upload_id,
                            const Selection& selection, int64_t now_ms) {
  const auto step = [&](Edit& edit, DataSet& set) -> Step<Outcome> {
    if (set.is_closed()) return fail(StepError::Kind::kClosed);
    const auto removed = effects_of(set.deduplicator).remove(edit, set, selection);
    if (!removed) return fail(removed.error());
    set.chunks.clear();  // what is sent again from now on is meant to come back
    return Outcome::kCommit;
  };
  const auto removed = change_set(user_id, upload_id, now_ms, step);
  if (!removed) return std::unexpected(removed.error());
  return {};
}

Step<DataSet> DataSets::update(std::string_view user_id, std::string_view upload_id,
                               const DataSetUpdate& update, std::string_view caller_id,
                               int64_t now_ms) {
  const auto step = [&](Edit& edit, DataSet& set) -> Step<Outcome> {
    if (set.is_closed()) {
      const bool retried = update.closes && is_retried_close(set, caller_id, now_ms);
      return retried ? Step<Outcome>(Outcome::kAbandon) : fail(StepError::Kind::kClosed);
    }
    apply(update, set);
    enter_set(edit.transaction(), set);
    set.modified_ms = now_ms;
    ++set.revision;
    return update.closes ? close_set(edit, set, caller_id) : Outcome::kCommit;
  };
  return change_set(user_id, upload_id, now_ms, step);
}

Step<DataSet> DataSets::close(std::string_view user_id, std::string_view upload_id,
                              std::string_view caller_id, int64_t now_ms) {
  const auto step = [&](Edit& edit, DataSet& set) -> Step<Outcome> {
    if (is_retried_close(set, caller_id, now_ms)) return Outcome::kAbandon;
    if (set.is_closed()) return fail(StepError::Kind::kClosed);
    set.revision +=
        set.active ? 1 : 2;  // the reference counts the change of state and the activation apart
    return close_set(edit, set, caller_id);
  };
  return change_set(user_id, upload_id, now_ms, step);
}

}  // namespace tideway::dataset

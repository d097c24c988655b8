// The data sets of the legacy upload: open and visible from the start, never closed, filled with
// whatever the account does not have yet (docs/spec/fetch.md 10).
#include "dataset/data_sets.h"
#include "dataset/known_records.h"

namespace tideway::dataset {

using store::Outcome;

/// No other set is normal, open and visible at once.
bool is_legacy(const DataSet& set) {
  return set.type == DataSet::Type::kNormal && set.active && !set.is_closed();
}

Step<std::vector<bool>> DataSets::add_new(std::string_view user_id, std::string_view upload_id,
                                          const record::Batch& batch, int64_t now_ms) {
  std::vector<bool> known;
  const auto step = [&](Edit& edit, DataSet& set) -> Step<Outcome> {
    if (!is_legacy(set)) return fail(StepError::Kind::kClosed);
    auto found = find_known(edit, all_of(batch));
    if (!found) return fail(found.error());
    known = std::move(*found);
    Records fresh;
    for (size_t i = 0; i < known.size(); ++i) {
      if (!known[i]) fresh.push_back(&batch.records[i]);
    }
    if (fresh.empty()) return Outcome::kAbandon;
    const auto places = append(edit, set, fresh);
    if (!places) return fail(places.error());
    return Outcome::kCommit;
  };
  const auto added = change_set(user_id, upload_id, now_ms, step);
  if (!added) return std::unexpected(added.error());
  return known;
}

}  // namespace tideway::dataset

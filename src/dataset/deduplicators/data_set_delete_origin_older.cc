// org.tidepool.deduplicator.dataset.delete.origin.older: as delete.origin, but a bolus or food
// replaces only what has an older origin time.
#include <algorithm>
#include <map>
#include <optional>

#include "dataset/deduplicators/effects.h"
#include "dataset/origin_records.h"
#include "dataset/stored_origin.h"

namespace tideway::dataset {
namespace {

/// The origin times of what the set has; nothing for a time that cannot be read.
using Known = std::map<std::string_view, std::optional<Time>>;

bool is_compared(const record::Record& record) {
  return !record.origin_id.empty() && (record.type == "bolus" || record.type == "food");
}

/// Of several with the same origin id the last one counts.
store::Result<Known> find_known(Edit& edit, const DataSet& set, const Records& records) {
  Known known;
  if (!set.active) return known;
  for (const record::Record* const record : records) {
    if (!is_compared(*record)) continue;
    const auto places = find_by_origin(edit, set, record->origin_id);
    if (!places) return std::unexpected(places.error());
    if (places->empty()) continue;
    const auto block = edit.block({set.upload_id, places->back().block});
    if (!block) return std::unexpected(block.error());
    const auto stored = (*block)->record(places->back().slot);
    if (!stored) return std::unexpected(stored.error());
    known[record->origin_id] = stored_origin(*stored).time;
  }
  return known;
}

/// Whatever its type, a record with a known origin id must be newer.
bool is_newer(const record::Record& record, const Known& known) {
  const auto found = known.find(record.origin_id);
  if (found == known.end()) return true;
  const auto time = parse_instant(record.origin_time);
  return time && (!found->second || is_before(*found->second, *time));
}

class DataSetDeleteOriginOlder final : public Effects {
 public:
  store::Result<void> add(Edit& edit, DataSet& set, const Records& records) const override {
    const auto known = find_known(edit, set, records);
    if (!known) return std::unexpected(known.error());
    Records newer;
    std::ranges::copy_if(records, std::back_inserter(newer),
                         [&](const auto* record) { return is_newer(*record, *known); });
    return add_by_origin(edit, set, newer);
  }
  store::Result<void> add_again(Edit& edit, DataSet& set, const Records& records) const override {
    return add(edit, set, with_origin(records));
  }
  store::Result<void> remove(Edit& edit, DataSet& set, const Selection& selection) const override {
    return remove_counting(edit, set, selection);
  }
  Step<void> follow_restoration(Edit& edit, DataSet& set, uint32_t added_first) const override {
    const auto dropped = drop_replaced_origins(edit, set, added_first);
    return dropped ? Step<void>() : fail(dropped.error());
  }
};

}  // namespace

const Effects& data_set_delete_origin_older() {
  static const DataSetDeleteOriginOlder effects;
  return effects;
}

}  // namespace tideway::dataset

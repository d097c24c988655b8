#include "dataset/deduplicators/effects.h"

namespace tideway::dataset {

std::optional<std::string_view> Effects::identity_key(const DataSet&, std::string_view) const {
  return std::nullopt;
}

record::ReadOptions Effects::read_options() const { return {}; }

store::Result<void> Effects::add(Edit& edit, DataSet& set, const Records& records) const {
  const auto places = append(edit, set, records);
  if (!places) return std::unexpected(places.error());
  return {};
}

store::Result<void> Effects::add_again(Edit&, DataSet&, const Records&) const { return {}; }

store::Result<void> Effects::remove(Edit& edit, DataSet& set, const Selection& selection) const {
  const auto places = find_selected(edit, set, selection);
  if (!places) return std::unexpected(places.error());
  return destroy(edit, set, *places);
}

Step<void> Effects::close(Edit&, DataSet&) const { return {}; }

Step<void> Effects::follow_deletion(Edit&, const DataSet&) const { return {}; }

Step<void> Effects::follow_restoration(Edit&, DataSet&, uint32_t) const { return {}; }

const Effects& effects_of(Deduplicator deduplicator) {
  switch (deduplicator) {
    case Deduplicator::kDeviceDeactivateHash:
      return device_deactivate_hash();
    case Deduplicator::kDeviceTruncateDataSet:
      return device_truncate_data_set();
    case Deduplicator::kDataSetDeleteOrigin:
      return data_set_delete_origin();
    case Deduplicator::kDataSetDeleteOriginOlder:
      return data_set_delete_origin_older();
    case Deduplicator::kDataSetDropHash:
      return data_set_drop_hash();
    default:
      return none();
  }
}

}  // namespace tideway::dataset

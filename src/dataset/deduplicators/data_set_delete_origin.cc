// org.tidepool.deduplicator.dataset.delete.origin: a record replaces those of the set with the same
// origin id. See origin_records.cc.
#include "dataset/deduplicators/effects.h"
#include "dataset/origin_records.h"

namespace tideway::dataset {
namespace {

class DataSetDeleteOrigin final : public Effects {
 public:
  store::Result<void> add(Edit& edit, DataSet& set, const Records& records) const override {
    return add_by_origin(edit, set, records);
  }
  store::Result<void> add_again(Edit& edit, DataSet& set, const Records& records) const override {
    return add_by_origin(edit, set, with_origin(records));
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

const Effects& data_set_delete_origin() {
  static const DataSetDeleteOrigin effects;
  return effects;
}

}  // namespace tideway::dataset

// org.tidepool.deduplicator.device.deactivate.hash: for devices that send their whole memory again
// and again. Closing a set supersedes the records that the user's other sets have of the same
// identity; deleting it brings them back.
#include "dataset/closings.h"
#include "dataset/deduplicators/effects.h"
#include "dataset/superseding.h"

namespace tideway::dataset {
namespace {

class DeviceDeactivateHash final : public Effects {
 public:
  std::optional<std::string_view> identity_key(const DataSet&,
                                               std::string_view device_id) const override {
    return device_id;
  }

  record::ReadOptions read_options() const override {
    return {.with_identity = true, .requires_device_id = true};
  }

  /// A record of a continuous set counts from its addition on; only later closings supersede it.
  store::Result<void> add(Edit& edit, DataSet& set, const Records& records) const override {
    if (set.type == DataSet::Type::kContinuous) {
      const auto closed_ms = last_closing_ms(edit.transaction());
      if (!closed_ms) return std::unexpected(closed_ms.error());
      edit.begin_not_before(*closed_ms + 1);
    }
    return Effects::add(edit, set, records);
  }

  Step<void> close(Edit& edit, DataSet& set) const override {
    if (set.device_id.empty()) return fail(StepError::Kind::kNoDeviceId);
    return done(supersede(edit, set));
  }

  Step<void> follow_deletion(Edit& edit, const DataSet& set) const override {
    if (set.device_id.empty()) return fail(StepError::Kind::kNoDeviceId);
    if (!set.closing) return {};  // it superseded nothing yet
    return done(supersede_anew(edit, set, {set.trash->block_first, set.block_first}));
  }

  Step<void> follow_restoration(Edit& edit, DataSet& set, uint32_t) const override {
    if (!set.active) return {};
    return done(supersede_anew(edit, set, {set.block_first, set.block_count}));
  }

 private:
  static Step<void> done(const store::Result<void>& result) {
    return result ? Step<void>() : fail(result.error());
  }
};

}  // namespace

const Effects& device_deactivate_hash() {
  static const DeviceDeactivateHash effects;
  return effects;
}

}  // namespace tideway::dataset

// What time alone does to data sets: the trash is emptied, empty sets that nobody came back to are
// swept away, idempotency keys are forgotten, and, only where that is asked for, records that were
// superseded long ago are destroyed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "store/store.h"

namespace tideway::dataset {

struct SweepLimits {
  int64_t trash_kept_ms = int64_t{30} * 24 * 3600 * 1000;
  int64_t empty_sets_kept_ms = int64_t{7} * 24 * 3600 * 1000;
  /// For ever without a value: deleting the set that superseded a record brings it back, however
  /// late. A destroyed one stays away.
  std::optional<int64_t> superseded_kept_ms = {};
};

struct Swept {
  uint64_t deletions = 0;  ///< sets whose deletion became final
  uint64_t empty_sets = 0;
  uint64_t superseded = 0;  ///< records

  bool operator==(const Swept&) const = default;
};

/// Goes through all users, one atomic step each; `should_stop` is asked between them. Space of what
/// was emptied is given back to the disk. A user whose data cannot be read is passed over; the
/// first failure is returned in the end.
store::Result<Swept> sweep(store::Store& store, const SweepLimits& limits, int64_t now_ms,
                           const std::function<bool()>& should_stop);

}  // namespace tideway::dataset

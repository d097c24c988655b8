// The records that were destroyed, by when: what clients that keep a copy have to forget. Of a
// destroyed record nothing else may be left. Swept after as long as deleted sets are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/keys.h"
#include "store/store.h"

namespace tideway::dataset {

/// A record that counted, unless its set was never closed.
struct Removal {
  std::string id;
  std::string type;
  int64_t time_ms = 0;  ///< of the record

  bool operator==(const Removal&) const = default;
};

/// Enters records of one block that are being destroyed.
store::Result<void> put_removals(store::Transaction& transaction, const BlockName& name,
                                 int64_t now_ms, const std::vector<Removal>& removals);

/// Where the removals at or after `since_ms` begin.
std::string removals_begin(int64_t since_ms);

/// Visits the next removals from the place `at` on, those of one block at one time, and moves the
/// place behind them. False when there is none. They come in the order of their destruction.
using VisitRemoval = std::function<void(std::string_view upload_id, const Removal& removal)>;
store::Result<bool> next_removals(const store::Reader& reader, std::string& at,
                                  const VisitRemoval& visit);

/// Forgets those that were destroyed before `before_ms`. Returns whether there was any.
store::Result<bool> sweep_removals(store::Transaction& transaction, int64_t before_ms);

}  // namespace tideway::dataset

// The identities of a set's records, and where records equal to one of them can lie.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "store/block.h"

namespace tideway::dataset {

struct Identities {
  std::vector<store::IdentityHash> hashes;  ///< ascending
  int64_t time_first_ms = std::numeric_limits<int64_t>::max();
  int64_t time_last_ms = std::numeric_limits<int64_t>::min();

  bool contain(const store::IdentityHash& hash) const;

  /// Whether a block can hold records equal to one of them: equal hashes imply equal time and
  /// device.
  bool may_be_in(const store::BlockSummary& summary, std::string_view device_id) const;
};

/// The identities of the records in the blocks from `first` to before `end` that are not gone.
store::Result<Identities> collect_identities(Edit& edit, std::string_view upload_id, uint32_t first,
                                             uint32_t end);

}  // namespace tideway::dataset

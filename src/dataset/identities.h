// The identities of a set's records, and where records equal to one of them can lie.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "store/block.h"

namespace tideway::dataset {

struct Identities {
  std::vector<store::IdentityHash> hashes;        ///< ascending
  std::set<std::string, std::less<>> device_ids;  ///< of the records that have them
  int64_t time_first_ms = std::numeric_limits<int64_t>::max();
  int64_t time_last_ms = std::numeric_limits<int64_t>::min();

  bool contain(const store::IdentityHash& hash) const;

  /// Whether a block can hold records equal to one of them: equal hashes imply equal time and
  /// device.
  bool may_be_in(const store::BlockSummary& summary) const;
};

/// Blocks of a set, by number.
struct BlockRange {
  uint32_t first = 0;
  uint32_t end = 0;
};

/// The identities of the records in the blocks that are not gone. With a device, only those of its
/// records.
store::Result<Identities> collect_identities(Edit& edit, std::string_view upload_id,
                                             BlockRange range, std::string_view device_id = {});

}  // namespace tideway::dataset

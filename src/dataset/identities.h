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

/// Identities by their hashes. Closing a backlog asks for each record of the one before, mostly in
/// the order in which they were put in: so the next one is looked at first. For others there is an
/// open table, made when it is needed: one look into memory, where a search in order would take
/// seventeen.
class IdentitySet {
 public:
  void insert(const store::IdentityHash& hash);
  bool contains(const store::IdentityHash& hash);
  bool empty() const { return hashes_.empty(); }

 private:
  /// Where the hash is in places_, or the free place where it would go.
  size_t find(const store::IdentityHash& hash) const;
  void make_table();

  std::vector<store::IdentityHash> hashes_;
  size_t next_ = 0;               ///< behind the one that was found last, in hashes_
  std::vector<uint32_t> places_;  ///< index in hashes_ plus one, 0 where free; a power of two
};

struct Identities {
  IdentitySet hashes;
  std::set<std::string, std::less<>> device_ids;  ///< of the records that have them
  int64_t time_first_ms = std::numeric_limits<int64_t>::max();
  int64_t time_last_ms = std::numeric_limits<int64_t>::min();

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

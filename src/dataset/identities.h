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

/// Closing a backlog asks for each record of the one before, mostly in the order in which they were
/// put in: so the next one is looked at first. For others there is an open table, made when it is
/// needed: one look into memory, where a search in order would take seventeen.
class IdentitySet {
 public:
  void insert(const store::Identity& identity);
  bool contains(const store::Identity& identity);
  bool empty() const { return identities_.empty(); }

 private:
  /// Where the identity is in places_, or the free place where it would go.
  size_t find(const store::Identity& identity) const;
  void make_table();

  std::vector<store::Identity> identities_;
  size_t next_ = 0;               ///< behind the one that was found last, in identities_
  std::vector<uint32_t> places_;  ///< index in identities_ plus one, 0 where free; a power of two
};

/// Where records equal to some others can lie: equal identities imply equal time and device.
struct Reach {
  std::set<std::string, std::less<>> device_ids;
  int64_t time_first_ms = std::numeric_limits<int64_t>::max();
  int64_t time_last_ms = std::numeric_limits<int64_t>::min();

  void add(std::string_view device_id, int64_t first_ms, int64_t last_ms);
  bool empty() const { return device_ids.empty(); }
  /// Whether a block has records within reach.
  bool meets(const store::BlockSummary& summary) const;
};

struct Identities {
  IdentitySet set;
  Reach reach;  ///< of the records that have them
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

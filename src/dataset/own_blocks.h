// The blocks of a set that closes, by their summaries alone. A device that sends its whole memory
// again sends the same chunks, so blocks that are equal need not be opened to find it out; and
// where nothing is within reach, as with what is new, nothing is opened at all.
#pragma once

#include <map>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/identities.h"
#include "store/store.h"

namespace tideway::dataset {

class OwnBlocks {
 public:
  static store::Result<OwnBlocks> read(const store::Reader& reader, const DataSet& closing);

  /// Where records can lie that are equal to one of the set's own of the set's device.
  const Reach& reach() const { return reach_; }

  /// Whether one of the blocks has the same identities as another set's block, none of them gone.
  store::Result<bool> has_equal(Edit& edit, const BlockRef& other) const;

 private:
  Reach reach_;
  std::map<store::IdentitySum, BlockName> by_identities_;
};

}  // namespace tideway::dataset

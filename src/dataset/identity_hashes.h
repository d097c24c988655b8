// Identity hashes on their way into a block, which keeps their beginnings, and back to those who
// want to see them whole.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dataset/data_set.h"
#include "record/batch.h"
#include "store/block.h"

namespace tideway::dataset {

/// What the identities of a set's records are hashed with.
struct IdentityKey {
  std::string_view user_id;
  std::string_view set_id;  ///< empty where it is the device of each record
};

/// Views of the set's.
IdentityKey identity_key(const DataSet& set);

store::Identity beginning_of(const record::IdentityHash& hash);
store::IdentityRest rest_of(const record::IdentityHash& hash);

/// Of each record; none where the set's deduplicator does not compare by them.
std::vector<record::IdentityHash> identity_hashes(const DataSet& set,
                                                  std::span<const record::Record* const> records);

/// Of the records in some slots; of those without identity anything. The text must be loaded.
std::vector<record::IdentityHash> identity_hashes(const IdentityKey& key, const store::Block& block,
                                                  std::span<const uint32_t> slots);

}  // namespace tideway::dataset

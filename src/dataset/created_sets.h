// The sets that requests with an idempotency key made: the same key makes no second one. An entry
// is swept some days later (sweep.h), since a retry does not come late.
#pragma once

#include <optional>
#include <string_view>

#include "dataset/data_set.h"
#include "store/store.h"

namespace tideway::dataset {

/// The set that was made with the key; nothing for an empty or unknown key.
store::Result<std::optional<DataSet>> find_created(const store::Reader& reader,
                                                   std::string_view idempotency_key);

/// Does nothing for an empty key.
void put_created(store::Transaction& transaction, std::string_view idempotency_key,
                 const DataSet& set);

/// Forgets the keys of sets made before `before_ms`. Returns whether there was any.
store::Result<bool> sweep_created(store::Transaction& transaction, int64_t before_ms);

}  // namespace tideway::dataset

// Data sets in their partition: one of them, or all of a user.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "dataset/data_set.h"
#include "store/store.h"

namespace tideway::dataset {

store::Result<std::optional<DataSet>> read_set(const store::Reader& reader,
                                               std::string_view upload_id);

void put_set(store::Transaction& transaction, const DataSet& set);

/// Beside put_set(), for a set that is new or was updated: what it is found by may have changed.
void enter_set(store::Transaction& transaction, const DataSet& set);

/// Erases a set and what it is found by.
void erase_set(store::Transaction& transaction, const DataSet& set);

/// Those of the sets that there are, in the order of the ids.
store::Result<void> read_sets(const store::Reader& reader, const std::vector<std::string>& ids,
                              const std::function<void(DataSet)>& visit);

/// Ascending by the length of the upload id, then by the id.
store::Result<void> scan_sets(const store::Reader& reader,
                              const std::function<void(DataSet)>& visit);

}  // namespace tideway::dataset

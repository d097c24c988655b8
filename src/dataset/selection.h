// Records of a set that a client names one by one (docs/spec/datasets.md 10).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/record_index.h"

namespace tideway::dataset {

/// Records whose `key` is one of `values`.
struct Selection {
  enum class Key { kId, kHash, kOriginId };
  Key key = Key::kId;
  std::vector<std::string> values;
};

/// The selected records of the set that are not gone, ascending. Values that match none count for
/// nothing.
store::Result<std::vector<Place>> find_selected(Edit& edit, const DataSet& set,
                                                const Selection& selection);

/// Destroys records of a set.
store::Result<void> destroy(Edit& edit, const DataSet& set, const std::vector<Place>& places);

}  // namespace tideway::dataset

// What a user has, at one instant: the visible data sets and their blocks, by their summaries.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataset/blocks.h"
#include "dataset/data_set.h"
#include "query/filter.h"
#include "store/store.h"

namespace tideway::query {

struct CatalogueBlock {
  const dataset::DataSet* set;
  dataset::BlockRef block;
};

/// Reads only summaries. Everything in it belongs to the same snapshot.
class Catalogue {
 public:
  /// The active sets of the filter, and the blocks of them that may hold something it asks for.
  static store::Result<Catalogue> read(std::unique_ptr<store::Reader> snapshot,
                                       const Filter& filter);

  const store::Reader& reader() const { return *snapshot_; }
  const std::vector<std::unique_ptr<dataset::DataSet>>& sets() const { return sets_; }
  const std::vector<CatalogueBlock>& blocks() const { return blocks_; }

  /// The names of the record types in the blocks, ascending.
  std::vector<std::string> types() const;

 private:
  store::Result<void> read_sets(const Filter& filter);
  store::Result<void> read_blocks(const Filter& filter);

  std::unique_ptr<store::Reader> snapshot_;
  std::vector<std::unique_ptr<dataset::DataSet>> sets_;  ///< ascending by upload id
  std::vector<CatalogueBlock> blocks_;
};

/// Whether a block can hold records of `type` that pass the filter's bounds.
const store::BlockSummary::TypeRange* find_range(const store::BlockSummary& summary,
                                                 std::string_view type, const Filter& filter);

}  // namespace tideway::query

// The records of one type, newest first, from blocks whose times may overlap.
//
// Blocks are opened when the walk reaches their newest record and dropped behind their oldest, so
// that no more are open than overlap at one point of time. Where those are so many that they would
// hold too much memory, each keeps only its next few records, see OpenBlock.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "query/catalogue.h"
#include "query/open_block.h"
#include "query/rank.h"
#include "store/block.h"

namespace tideway::query {

/// What the blocks that are open at once may hold.
inline constexpr size_t kOpenBytesMax = size_t{768} << 10;

/// Neighbours in the answer that lie in one block: the first `count` records at hand of it.
struct Run {
  OpenBlock* block = nullptr;
  size_t count = 0;
};

class Merge {
 public:
  /// All of it must outlive the merge. With `after` only what comes behind that place.
  Merge(const Catalogue& catalogue, uint32_t type, const store::IdCipher& cipher,
        std::optional<Rank> after);

  /// The next records, or an empty run at the end. They live until take().
  store::Result<Run> run();
  /// Goes on behind the first `count` records of the last run.
  store::Result<void> take(size_t count);

  uint32_t opened_count() const { return opened_count_; }
  /// What the open blocks hold in memory, roughly.
  size_t held_bytes() const;

 private:
  store::Result<void> open_due();
  void bound_memory();
  size_t run_length() const;

  const Catalogue& catalogue_;
  const store::IdCipher& cipher_;
  std::optional<Rank> after_;
  std::vector<const CatalogueBlock*> waiting_;    ///< ascending by newest record: the next is last
  std::vector<std::unique_ptr<OpenBlock>> open_;  ///< a heap, the newest record in front
  uint32_t opened_count_ = 0;
};

}  // namespace tideway::query

// All that a fetch gives, in the order of the answer: by type and time, the sets last; for `latest`
// the newest of each type, in the order asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/catalogue.h"
#include "query/merge.h"
#include "query/rank.h"

namespace tideway::query {

class Walk {
 public:
  /// Both must outlive the walk.
  Walk(const Catalogue& catalogue, const store::IdCipher& cipher);

  /// Neighbours in the answer: records of one block, or a single set.
  struct Piece {
    OpenBlock* block = nullptr;  ///< null for a set
    const CatalogueSet* set = nullptr;
    size_t count = 0;  ///< 0 at the end
  };
  /// The next ones. They live until take().
  store::Result<Piece> piece();
  /// Goes on behind the first `count` of the last piece.
  store::Result<void> take(size_t count);

  /// Of the i-th of the last piece.
  Position position(size_t i) const;

  /// How many blocks were opened so far.
  uint32_t opened_count() const;
  /// What the open blocks hold in memory, roughly.
  size_t held_bytes() const { return merge_ == nullptr ? 0 : merge_->held_bytes(); }

 private:
  void plan();
  void plan_sets();
  void start_type();
  void end_type();

  const Catalogue& catalogue_;
  const store::IdCipher& cipher_;
  std::vector<std::string> types_;  ///< in the order of the answer
  size_t type_ = 0;
  std::unique_ptr<Merge> merge_;           ///< of the present type, unless that is of sets
  std::vector<const CatalogueSet*> sets_;  ///< those that are shown, in the order of the answer
  size_t set_ = 0;
  Piece piece_;
  uint32_t opened_before_ = 0;  ///< by the merges of earlier types
};

}  // namespace tideway::query

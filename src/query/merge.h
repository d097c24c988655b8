// The records of one type, newest first, from blocks whose times may overlap.
//
// Blocks are opened when the walk reaches their newest record and dropped behind their oldest, so
// that no more are held than overlap at one point of time.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "query/catalogue.h"
#include "store/block.h"

namespace tideway::query {

/// A record on its way out; the views live until the next call of Merge::next().
struct Found {
  store::BlockRecord record;
  std::string id;
  uint32_t revision;  ///< 0 for a record that was never changed
  const dataset::DataSet* set;
};

class Merge {
 public:
  /// All of it must outlive the merge.
  Merge(const Catalogue& catalogue, const Filter& filter, std::string_view type,
        const store::IdCipher& cipher);
  ~Merge();

  /// The next record, or nothing at the end.
  store::Result<std::optional<Found>> next();

 private:
  class Cursor;
  struct Candidate;

  store::Result<void> open_due();

  const Catalogue& catalogue_;
  const Filter& filter_;
  std::string_view type_;
  const store::IdCipher& cipher_;
  std::vector<Candidate> waiting_;             ///< ascending by newest record: the next is last
  std::vector<std::unique_ptr<Cursor>> open_;  ///< a heap, the newest record in front
  std::unique_ptr<Cursor> current_;            ///< whose record was given out last
};

}  // namespace tideway::query

// The answer to a fetch, as text, piece by piece (docs/spec/fetch.md 3, 4).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/catalogue.h"
#include "query/merge.h"
#include "store/block.h"
#include "store/store.h"

namespace tideway::query {

/// Walks one snapshot. Not to be shared between threads.
class Fetch {
 public:
  /// `cipher` must outlive the fetch.
  static store::Result<std::unique_ptr<Fetch>> open(store::Store& store, std::string_view user_id,
                                                    Filter filter, const store::IdCipher& cipher);

  /// Appends the next part of the JSON array to `out`, some tens of kilobytes. False when that was
  /// the last one.
  store::Result<bool> next(std::string& out);

 private:
  Fetch(Filter filter, const store::IdCipher& cipher, Catalogue catalogue);

  void plan();
  store::Result<bool> next_record(std::string& out);
  void append_sets(std::string& out);
  void begin_element(std::string& out);

  Filter filter_;
  const store::IdCipher& cipher_;
  Catalogue catalogue_;
  std::vector<std::string> types_;  ///< in the order of the answer
  size_t type_ = 0;
  std::unique_ptr<Merge> merge_;
  bool begun_ = false;  ///< the opening bracket is out
  bool first_ = true;   ///< no element is out yet
};

}  // namespace tideway::query

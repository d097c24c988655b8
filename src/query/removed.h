// What ceased to be visible since Filter::modified_since_ms: records that were superseded, deleted
// with their set, or destroyed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "query/catalogue.h"
#include "store/block.h"

namespace tideway::query {

/// What is said of a record that is no longer there.
struct Tombstone {
  std::string_view id;
  std::string_view type;
  std::string_view upload_id;
  int64_t time_ms = 0;

  /// `{"deleted":true,…}`. A record never has that member.
  void append_json(std::string& out) const;
};

/// Walks them a block at a time. Of the filter it heeds types, times and the set: a client that is
/// told of a record that it never had loses nothing.
class Removed {
 public:
  /// Both must outlive it.
  Removed(const Catalogue& catalogue, const store::IdCipher& cipher);

  using Visit = std::function<void(const Tombstone&)>;
  /// Visits some more; false when there are none.
  store::Result<bool> next(const Visit& visit);

 private:
  store::Result<void> visit_block(const RemovedBlock& removed, const Visit& visit);
  bool is_wanted(std::string_view type, std::string_view upload_id, int64_t time_ms) const;

  const Catalogue& catalogue_;
  const store::IdCipher& cipher_;
  std::string at_;    ///< in the log of what was destroyed; empty behind its end
  size_t block_ = 0;  ///< in catalogue_.removed()
};

}  // namespace tideway::query

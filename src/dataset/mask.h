// Which records of a block do not count, and since when, because of what. Beside the block, so that
// undoing is clearing bits and blocks are never rewritten for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace tideway::dataset {

/// Records that one data set superseded at one time.
struct Archived {
  std::string by_upload_id;
  int64_t time_ms = 0;
  std::vector<uint32_t> slots;  ///< ascending
};

class Mask {
 public:
  bool empty() const { return groups_.empty(); }
  bool hides(uint32_t slot) const;
  void archive(std::string_view by_upload_id, int64_t time_ms, std::vector<uint32_t> slots);
  const std::vector<Archived>& groups() const { return groups_; }

  std::string encode() const;
  static store::Result<Mask> decode(std::string_view bytes);

 private:
  std::vector<Archived> groups_;
};

}  // namespace tideway::dataset

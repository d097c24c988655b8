// Blocks that were opened lately, for those who read them again.
//
// A block is found by the bytes that were stored, which the reader gets from its snapshot in any
// case. So what is kept can neither be out of date nor be of another user, and nobody has to say
// when a block changes; what is saved is decompressing and decoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "store/block.h"

namespace tideway::store {

/// A block whose text is loaded, so that reading it changes nothing.
using SharedBlock = std::shared_ptr<const Block>;

/// Keeps those that were used last. Any thread may call any function at any time.
class OpenedBlocks {
 public:
  /// Counts what the blocks hold in memory; 0 keeps none.
  explicit OpenedBlocks(size_t bytes_max) : bytes_max_(bytes_max) {}

  /// The block that these bytes are, or null.
  SharedBlock find(std::string_view bytes);
  /// The text of `block` must be loaded.
  void add(SharedBlock block);

  size_t held_bytes() const;

 private:
  using Blocks = std::list<SharedBlock>;  ///< the one that was used last in front

  void remove(Blocks::iterator block);

  const size_t bytes_max_;
  mutable std::mutex mutex_;
  Blocks blocks_;
  std::unordered_map<uint64_t, Blocks::iterator> by_key_;
  size_t held_bytes_ = 0;
};

}  // namespace tideway::store

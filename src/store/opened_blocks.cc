#include "store/opened_blocks.h"

#include <iterator>
#include <utility>

#include "base/coding.h"
#include "store/block_format.h"

namespace tideway::store {
namespace {

/// Size and checksum. Equal bytes have equal keys, and different ones nearly always different keys.
uint64_t key_of(std::string_view bytes) {
  if (bytes.size() < kBlockChecksumBytes) return 0;
  const std::string_view checksum = bytes.substr(bytes.size() - kBlockChecksumBytes);
  return uint64_t{bytes.size()} << 32 | Decoder(checksum).fixed32();
}

}  // namespace

SharedBlock OpenedBlocks::find(std::string_view bytes) {
  SharedBlock block;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = by_key_.find(key_of(bytes));
    if (found == by_key_.end()) return nullptr;
    blocks_.splice(blocks_.begin(), blocks_, found->second);
    block = blocks_.front();
  }
  return block->bytes() == bytes ? block : nullptr;
}

void OpenedBlocks::add(SharedBlock block) {
  const size_t size_bytes = block->held_bytes();
  if (size_bytes > bytes_max_) return;
  const uint64_t key = key_of(block->bytes());
  const std::scoped_lock lock(mutex_);
  if (const auto same = by_key_.find(key); same != by_key_.end()) remove(same->second);
  while (held_bytes_ + size_bytes > bytes_max_) remove(std::prev(blocks_.end()));
  blocks_.push_front(std::move(block));
  by_key_[key] = blocks_.begin();
  held_bytes_ += size_bytes;
}

void OpenedBlocks::remove(Blocks::iterator block) {
  held_bytes_ -= (*block)->held_bytes();
  by_key_.erase(key_of((*block)->bytes()));
  blocks_.erase(block);
}

size_t OpenedBlocks::held_bytes() const {
  const std::scoped_lock lock(mutex_);
  return held_bytes_;
}

}  // namespace tideway::store

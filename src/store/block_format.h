// Constants that writing and reading blocks share; the grammar stands at the head of block.cc.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "store/block.h"

namespace tideway::store {

inline constexpr uint8_t kBlockVersion = 4;
inline constexpr size_t kBlockHeaderBytes = 1 + 1 + 16 + 6 * 4;
inline constexpr size_t kBlockChecksumBytes = 4;

/// Columns of a record without its strings: 42 bytes in planes, 30 for lengths in dictionaries.
inline constexpr size_t kColumnBytesPerRecordMax = 72;

/// What `count` records may decompress to, text and columns each: the bound of a reader's
/// allocation, kept by BlockBuilder::add. The constant part is the empty columns.
constexpr size_t section_bytes_max(size_t count) {
  return 64 + std::min(count * kRecordBytesMax, kBlockBytesMax);
}

}  // namespace tideway::store

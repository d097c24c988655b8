// The columns of a block: the part of its records that is kept apart from their text. Inside the
// block codec only; the byte grammar stands at the head of block_columns.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace tideway::store {

/// One record's line of the columns. The first three indexes point into the dictionaries.
struct BlockRow {
  int64_t time_ms = 0;
  int64_t added_ms = 0;
  uint64_t text_offset = 0;  ///< not stored: the sum of the sizes before
  std::array<uint32_t, 4> segment_sizes{};
  uint16_t type = 0;
  uint16_t sub_type = 0;
  uint16_t device_id = 0;
  uint16_t id = 0;             ///< 1 for the block's first explicit id, …; 0 for a derived one
  uint16_t identity = 0;       ///< likewise in the block's identities; 0 for none
  uint16_t identity_rest = 0;  ///< likewise in their rests
  uint8_t flags = 0;

  uint64_t text_size() const {
    return uint64_t{segment_sizes[0]} + segment_sizes[1] + segment_sizes[2] + segment_sizes[3];
  }
};

/// The three dictionaries of a block, each the distinct strings of a member by first appearance.
template <class String>
struct BlockDictionaries {
  std::vector<String> types;
  std::vector<String> sub_types;
  std::vector<String> device_ids;
};

inline constexpr size_t kExplicitIdBytes = 32;

/// The columns of `rows`, uncompressed. `ids` holds the explicit ids one after the other.
std::string encode_columns(const BlockDictionaries<std::string>& dictionaries,
                           const std::vector<BlockRow>& rows, std::string_view ids);

struct DecodedColumns {
  BlockDictionaries<std::string_view> dictionaries;
  std::vector<BlockRow> rows;
  std::string_view ids;
  size_t identity_count = 0;
  size_t identity_rest_count = 0;
};

/// Undoes encode_columns for a block of `count` records. The views point into `bytes`. Every index
/// of the result is inside its dictionary; anything else is kCorruption.
Result<DecodedColumns> decode_columns(std::string_view bytes, size_t count);

}  // namespace tideway::store

// The order of an answer, and a place in it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace tideway::query {

/// Where a record stands among those of its type: greater comes out first, so the newest do, and of
/// equal times the one that was stored last. No part of it ever changes, nor do two records share
/// one, so that a place in an answer stays the same place whatever is uploaded meanwhile.
struct Rank {
  int64_t time_ms = 0;
  int64_t created_ms = 0;  ///< of the set
  uint64_t created_order = 0;
  uint32_t number = 0;  ///< of the block; 0 for a set, as the next one
  uint32_t slot = 0;

  auto operator<=>(const Rank&) const = default;
};

/// The place of a record or set in the answer: behind all greater types (in the order of the
/// answer) and greater ranks.
struct Position {
  std::string type;
  Rank rank;

  bool operator==(const Position&) const = default;
};

}  // namespace tideway::query

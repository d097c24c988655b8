// A place in an answer as an opaque text that only this store can have made: the query parameter
// `cursor`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/filter.h"
#include "query/rank.h"
#include "store/block.h"

namespace tideway::query {

/// The text for `position` in what `user_id` and `filter` give. Base64 for URLs, so that it needs
/// no escaping.
std::string write_cursor(const Position& position, std::string_view user_id, const Filter& filter,
                         const store::IdCipher& cipher);

/// The reverse. Nothing when this store did not make it for this user and filter: pages of one
/// answer differ by nothing but the size of a page.
std::optional<Position> read_cursor(std::string_view text, std::string_view user_id,
                                    const Filter& filter, const store::IdCipher& cipher);

}  // namespace tideway::query

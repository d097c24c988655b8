// What somebody may have meant who misspelt a name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tideway::cli {

/// Number of characters to insert, delete, replace or swap with their neighbour to get from `left`
/// to `right`.
size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate nearest to `name`, if it is near enough to be a likely slip.
std::optional<std::string> suggest(std::string_view name, std::span<const std::string> candidates);

}  // namespace tideway::cli

// The query string of `GET /data/{userId}` (docs/spec/fetch.md 1.3).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "query/filter.h"

namespace tideway::query {

using Parameter = std::pair<std::string, std::string>;

/// The filter that decoded parameters ask for, or nothing when one of them is bad. Unknown
/// parameters are ignored.
std::optional<Filter> read_filter(std::span<const Parameter> parameters);

}  // namespace tideway::query

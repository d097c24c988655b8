// The query string of `GET /data/{userId}` (docs/spec/fetch.md 1.3).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "query/filter.h"

namespace tideway::query {

using Parameter = std::pair<std::string, std::string>;

/// So many elements a page may have.
inline constexpr uint64_t kPageElementsMax = 10'000;

/// The filter that decoded parameters ask for; when one of them is bad, what to tell the client.
/// Unknown parameters are ignored; `cursor` is read by the caller, see cursor.h.
std::expected<Filter, std::string> read_filter(std::span<const Parameter> parameters);

/// The text of the parameter `cursor`, if there is one.
std::optional<std::string_view> cursor_text(std::span<const Parameter> parameters);

}  // namespace tideway::query

// Forms of text that records may be asked to have (docs/spec/http.md 6.8).
#pragma once

#include <cstddef>
#include <string_view>

namespace tideway::record {

inline constexpr size_t kUrlBytesMax = 2047;
inline constexpr size_t kReverseDomainBytesMax = 253;

/// ^[0-9a-zA-Z]{5,64}$
bool is_transmitter_id(std::string_view text);

/// At least two labels of letters, digits and inner hyphens, 1 to 63 long.
bool is_reverse_domain(std::string_view text);

/// A URL with a scheme and a host, by the grammar of Go's net/url.
bool is_url(std::string_view text);

}  // namespace tideway::record

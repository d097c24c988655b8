// Forms of text that records may be asked to have (docs/spec/http.md 6.8).
#pragma once

#include <cstddef>
#include <string_view>

namespace tideway::record {

inline constexpr size_t kUrlBytesMax = 2047;
inline constexpr size_t kReverseDomainBytesMax = 253;

// The forms as ECMAScript patterns, for JSON Schema. Everything that is read fits them; what is
// read by a grammar (dates, domains by their length, URLs) may be refused although it fits.
inline constexpr std::string_view kInstantPattern =
    R"(^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(\d|[01]\d|2[0-3]):[0-5]\d:[0-5]\d([.,]\d+)?)"
    R"((Z|[+-]([01]\d|2[0-4]):([0-5]\d|60))$)";
inline constexpr std::string_view kLocalTimePattern =
    R"(^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(\d|[01]\d|2[0-3]):[0-5]\d:[0-5]\d([.,]\d+)?$)";
inline constexpr std::string_view kDataIdPattern = "^[0-9a-z]{32}$";
inline constexpr std::string_view kTransmitterIdPattern = "^[0-9a-zA-Z]{5,64}$";
inline constexpr std::string_view kReverseDomainPattern =
    R"(^([0-9a-zA-Z]([-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?\.)+)"
    R"([0-9a-zA-Z]([-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?$)";
inline constexpr std::string_view kUrlPattern = "^[a-zA-Z][-+.0-9a-zA-Z]*://[^/?#]";

/// kTransmitterIdPattern
bool is_transmitter_id(std::string_view text);

/// At least two labels of letters, digits and inner hyphens, 1 to 63 long.
bool is_reverse_domain(std::string_view text);

/// A URL with a scheme and a host, by the grammar of Go's net/url.
bool is_url(std::string_view text);

}  // namespace tideway::record

// Values written through a pointer into room that the caller has made, for texts that are put
// together from many small pieces: a buffer's own end would be stored and loaded again for each.
//
// Each function returns the place behind what it wrote; or null, where a value needs more than the
// quick way. Then what was written means nothing, and append_…() of the same kind is to be called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tideway {

/// Room for any number, and for any time.
inline constexpr size_t kPutNumberBytesMax = 24;
inline constexpr size_t kPutTimeBytesMax = 40;

/// Never null.
char* put_integer(char* at, int64_t value);

/// As append_json_number(); null for what has many digits.
char* put_json_number(char* at, double value);

/// As append_json_string(), of two bytes more than the text; null where something has to be
/// escaped.
char* put_json_string(char* at, std::string_view text);

/// As append_as_read(), null for texts of another form.
char* put_as_read(char* at, std::string_view text);

}  // namespace tideway

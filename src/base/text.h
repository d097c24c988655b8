// Text as the wire shows it: JSON strings, quoted strings inside error details, code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text_buffer.h"

namespace tideway {

/// Appends `text` (valid UTF-8) as a JSON string with its quotes, escaped as docs/spec/http.md 4.6
/// says: also < > & U+2028 U+2029.
void append_json_string(std::string& out, std::string_view text);
void append_json_string(TextBuffer& out, std::string_view text);

/// `text` in double quotes as error details print it: Go's %q (docs/spec/datatypes-common.md 1.5).
std::string quoted(std::string_view text);

/// Number of Unicode code points in valid UTF-8.
size_t code_point_count(std::string_view text);

/// Reads the code point that starts at `text[at]` and moves `at` behind it. An invalid sequence
/// counts as U+FFFD of one byte, as Go decodes it.
char32_t next_code_point(std::string_view text, size_t& at);

/// Appends one code point as UTF-8.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace tideway

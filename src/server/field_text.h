// The text of header fields: ASCII case, white space, comma lists (RFC 9110 section 5.6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tideway::server {

bool equals_ignoring_case(std::string_view left, std::string_view right);

std::string to_upper(std::string_view text);

/// Without the spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// The elements of a comma list, trimmed; empty ones are left out.
std::vector<std::string_view> list_elements(std::string_view list);

/// Whether `text` may stand in a header field: no control characters but tab. Anything else could
/// end the field and begin another one.
bool is_field_value(std::string_view text);

}  // namespace tideway::server

// A member of a JSON text that this program wrote, without parsing the text: valid, no white space.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tideway::json {

/// The text of the value of `name` in `members`, which are `"name":value` separated by commas; one
/// more comma before or behind does no harm. Nested members do not count. Nothing when there is
/// none. `name` is compared as it is written.
std::optional<std::string_view> find_member(std::string_view members, std::string_view name);

/// The members of an object's text, that is what its braces hold; empty for anything else.
std::string_view members_of(std::string_view object);

/// Whether a value's text is the string `expected`, however it is escaped.
bool is_string(std::string_view value, std::string_view expected);

}  // namespace tideway::json

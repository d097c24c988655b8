// Values of the {variables} of a route, for the families that decode them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tideway::api {

/// Percent-decoding as paths have it: '+' stays. Nothing when an escape is bad.
std::optional<std::string> decode_path_variable(std::string_view text);

}  // namespace tideway::api

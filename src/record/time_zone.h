// Names of time zones (docs/spec/datatypes-common.md 4.4).
#pragma once

#include <string_view>

namespace tideway::record {

/// Whether `name` is in the time zone database of this machine, links included. The database is
/// read at the first call.
bool is_time_zone_name(std::string_view name);

}  // namespace tideway::record

// Stage 4: the canonical text of an object, members in byte order of their names
// (docs/spec/datatypes-common.md 7).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "record/value.h"

namespace tideway::record {

/// Takes a record out of the one that holds it and returns the id to write in its place, or an
/// empty text to write nothing.
using Extract = std::function<std::string_view(const ObjectValue&)>;

/// Appends the members of a record without braces and without its id, and returns the sizes of
/// the four segments of store::BlockRecord::segment_sizes.
std::array<uint32_t, 4> write_record(std::string& out, const ObjectValue& record,
                                     const Extract& extract);

/// Appends one member's value, for objects whose members are arranged by the caller.
void write_field(std::string& out, const ObjectValue& object, size_t field);

}  // namespace tideway::record

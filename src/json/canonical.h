// JSON out, for free-form values: compact, keys sorted bytewise at every depth, numbers and strings
// as docs/spec/datatypes-common.md 7 says.
#pragma once

#include <string>

#include "json/document.h"

namespace tideway::json {

/// Appends `element`. Of equal keys the last counts.
void append_canonical(std::string& out, Element element);

enum class TopLevelNulls { kKeep, kDrop };

/// Appends an object and returns whether it has any member that was kept.
bool append_canonical_object(std::string& out, simdjson::dom::object object, TopLevelNulls nulls);

}  // namespace tideway::json

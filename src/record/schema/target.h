// The glucose target, which takes its units from the record around it
// (docs/spec/datatypes-common.md 5.6).
#pragma once

#include "record/schema.h"

namespace tideway::record {

/// With the record's units at /units, at /units/bg.
const Object& target_in_units();
const Object& target_in_bg_units();

/// A schedule entry: the latter with a `start`.
const Object& target_start();

}  // namespace tideway::record

// Physical activity (docs/spec/datatypes-dosing.md 8).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& physical_activity();

}  // namespace tideway::record

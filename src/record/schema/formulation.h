// Insulin formulation, shared by basal, bolus, insulin and pump settings
// (docs/spec/datatypes-dosing.md 2).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& formulation();

}  // namespace tideway::record

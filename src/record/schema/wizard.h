// Bolus calculator (docs/spec/datatypes-dosing.md 5).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& wizard();

}  // namespace tideway::record

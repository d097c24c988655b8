// Nutrition and energy, shared by food, physical activity and dosing decisions
// (docs/spec/datatypes-dosing.md 7).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& energy();
const Object& nutrition();

}  // namespace tideway::record

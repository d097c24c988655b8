// Water (docs/spec/datatypes-dosing.md 9).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& water();

}  // namespace tideway::record

// Alert (docs/spec/datatypes-dosing.md 11).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& alert();

}  // namespace tideway::record

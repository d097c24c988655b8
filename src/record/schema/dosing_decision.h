// What a closed loop knew and decided (docs/spec/datatypes-device.md 9).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& dosing_decision();

}  // namespace tideway::record

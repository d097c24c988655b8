// Status of a controller (docs/spec/datatypes-device.md 6).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& controller_status();

}  // namespace tideway::record

// Status of a pump (docs/spec/datatypes-device.md 8).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& pump_status();

}  // namespace tideway::record

// Battery of a pump or its controller (docs/spec/datatypes-device.md 6).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& battery();

}  // namespace tideway::record

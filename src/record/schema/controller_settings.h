// Settings of the phone or handset that controls a pump (docs/spec/datatypes-device.md 5).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& controller_settings();

}  // namespace tideway::record

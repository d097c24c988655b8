// Settings of a pump (docs/spec/datatypes-device.md 7).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& pump_settings();

/// Settings of basal, bolus and display (7.2), the insulin model (7.3), override presets (7.5).
const Object& pump_basal();
const Object& pump_bolus();
const Object& pump_display();
const Object& insulin_model();
const Object& override_preset();

}  // namespace tideway::record

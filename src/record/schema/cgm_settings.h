// Settings of a continuous glucose monitor (docs/spec/datatypes-device.md 4).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& cgm_settings();

/// All alerts of one time of day (4.1).
const Object& cgm_alerts();

/// The alerts of older clients (4.3), in the record's units.
const Object& cgm_high_alerts();
const Object& cgm_low_alerts();
const Object& cgm_out_of_range_alerts();
const Object& cgm_rate_of_change_alerts();

}  // namespace tideway::record

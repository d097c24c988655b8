// Device events (docs/spec/datatypes-device.md 3), one file a sub-type.
#pragma once

#include "record/schema.h"

namespace tideway::record {

/// By `subType`.
const Dispatch& device_event();

/// A status record inside an alarm or a reservoir change, by `type` and `subType`.
const Dispatch& embedded_status();

Object device_event_type(std::string_view sub_type, Fields own);

const Object& alarm();
const Object& calibration();
const Object& prime();
const Object& pump_settings_override();
const Object& reservoir_change();
const Object& device_status();
const Object& time_change();

}  // namespace tideway::record

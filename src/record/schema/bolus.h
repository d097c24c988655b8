// Bolus insulin delivery (docs/spec/datatypes-dosing.md 4).
#pragma once

#include "record/schema.h"

namespace tideway::record {

/// By `subType`.
const Dispatch& bolus();

/// A bolus record inside a wizard, by `type` and `subType`.
const Dispatch& embedded_bolus();

}  // namespace tideway::record

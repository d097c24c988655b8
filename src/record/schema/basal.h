// Basal insulin delivery (docs/spec/datatypes-dosing.md 3).
#pragma once

#include "record/schema.h"

namespace tideway::record {

/// By `deliveryType`.
const Dispatch& basal();

}  // namespace tideway::record

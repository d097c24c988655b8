// State that the user reports (docs/spec/datatypes-dosing.md 10).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& reported_state();

}  // namespace tideway::record

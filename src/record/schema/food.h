// Food (docs/spec/datatypes-dosing.md 7).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& food();

}  // namespace tideway::record

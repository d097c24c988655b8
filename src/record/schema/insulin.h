// Insulin given by other means than a pump (docs/spec/datatypes-dosing.md 6).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& insulin();

}  // namespace tideway::record

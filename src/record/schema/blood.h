// Glucose and ketone records (docs/spec/datatypes-common.md 5).
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& blood_ketone();
const Object& cbg();
const Object& smbg();

}  // namespace tideway::record

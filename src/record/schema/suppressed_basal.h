// The basal that another one stands in for: a reduced record inside the record, never one of its
// own (docs/spec/datatypes-dosing.md 3.3). What may be nested depends on the parent.
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Dispatch& suppressed_by_automated();
const Dispatch& suppressed_by_suspend();
const Dispatch& suppressed_by_temp();

}  // namespace tideway::record

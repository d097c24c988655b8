// The list of all record types: the one place that knows them by name.
#pragma once

#include "record/schema.h"

namespace tideway::record {

/// The choice of a record type by `type` and, where a type has kinds, by its second member.
const Dispatch& record_types();

}  // namespace tideway::record

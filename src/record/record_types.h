// The list of all record types: the one place that knows them by name.
#pragma once

#include "record/schema.h"

namespace tideway::record {

/// The choice of a record type by `type` and, where a type has kinds, by its second member.
const Dispatch& record_types();

/// One of them by its name; null when there is no such type.
const Dispatch::Case* find_record_type(std::string_view name);

/// Their names in alphabetical order.
std::vector<std::string_view> record_type_names();

}  // namespace tideway::record

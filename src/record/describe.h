// The page about a record type that `tideway schema` prints, made of its declaration.
#pragma once

#include <string>

#include "record/schema.h"

namespace tideway::record {

/// Tables of everything that the type holds: one for each object, the objects inside it behind it.
std::string describe(const Dispatch::Case& type);

}  // namespace tideway::record

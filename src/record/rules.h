// The rules that a declaration can name, each a few lines of rules.cc.
#pragma once

#include "record/validate.h"

namespace tideway::record {

/// Runs the rules of `field` on `value`, which may be absent. False when a gate closed: then what
/// is inside the value is not looked at.
bool apply_rules(const Field& field, const Value& value, const CheckContext& context,
                 const Path& path);

}  // namespace tideway::record

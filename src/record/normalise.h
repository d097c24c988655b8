// Stage 3: what is written instead of what was read, field by field.
#pragma once

#include <string_view>

#include "record/validate.h"

namespace tideway::record {

/// The number of a field as it is stored: glucose in mmol/L.
double normal_number(const Field& field, const Value& value, const CheckContext& context);

/// The text of a string field as it is stored: glucose units in one spelling.
std::string_view normal_text(const Field& field, const Value& value);

}  // namespace tideway::record

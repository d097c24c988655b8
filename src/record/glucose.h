// Glucose units: ranges, conversion and the target object
// (docs/spec/datatypes-common.md 5.1 and 5.6).
#pragma once

#include <string_view>
#include <vector>

#include "record/schema.h"
#include "record/validate.h"

namespace tideway::record {

inline constexpr std::string_view kMmolPerL = "mmol/L";
inline constexpr std::string_view kMmolPerLPerMinute = "mmol/L/minute";

/// The four accepted spellings, in the order of error details.
std::vector<std::string_view> glucose_units();
/// 0 to 55 mmol/L, 0 to 1000 mg/dL.
std::vector<UnitRange> glucose_ranges();

std::vector<std::string_view> glucose_rate_units();
std::vector<UnitRange> glucose_rate_ranges();

bool is_glucose_units(std::string_view units);
bool is_glucose_rate_units(std::string_view units);
bool is_mg_per_dl(std::string_view units);

/// mg/dL to mmol/L, rounded to five decimals, halves away from zero; bit for bit as the reference.
double to_mmol_per_l(double mg_per_dl);

/// The rules of a glucose target whose units are at `units_path` (section 5.6).
void check_target(const CheckContext& context, std::string_view units_path);

}  // namespace tideway::record

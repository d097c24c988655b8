#include "record/normalise.h"

#include "record/glucose.h"

namespace tideway::record {

double normal_number(const Field& field, const Value& value, const CheckContext& context) {
  const std::string_view units = context.text(field.transform_units());
  const bool converts = (field.transform() == Transform::kGlucose && is_mg_per_dl(units)) ||
                        (field.transform() == Transform::kGlucoseRate && units == "mg/dL/minute");
  return converts ? to_mmol_per_l(value.number) : value.number;
}

std::string_view normal_text(const Field& field, const Value& value) {
  switch (field.transform()) {
    case Transform::kGlucoseUnits:
      return is_glucose_units(value.text) ? kMmolPerL : value.text;
    case Transform::kRateUnits:
      return is_glucose_rate_units(value.text) ? kMmolPerLPerMinute : value.text;
    default:
      return value.text;
  }
}

}  // namespace tideway::record

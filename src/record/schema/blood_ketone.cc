#include "record/glucose.h"
#include "record/schema/base.h"
#include "record/schema/blood.h"

namespace tideway::record {

const Object& blood_ketone() {
  static const Object object =
      record_type("bloodKetone", {
          string("units").required().one_of({"mmol/L", "mmol/l"}).glucose_units(),
          number("value").required().range_by("units", {{"mmol/L", 0, 10}, {"mmol/l", 0, 10}}),
      }).identity({"units", "value"});
  return object;
}

}  // namespace tideway::record

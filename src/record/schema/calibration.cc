#include "record/glucose.h"
#include "record/schema/device_event.h"

namespace tideway::record {

const Object& calibration() {
  static const Object type = device_event_type("calibration", {
      string("units").required().one_of(glucose_units()).glucose_units(),
      number("value").required().range_by("units", glucose_ranges()).to_mmol("units"),
  });
  return type;
}

}  // namespace tideway::record

#include "record/schema/wizard.h"

#include "record/glucose.h"
#include "record/schema/base.h"
#include "record/schema/bolus.h"
#include "record/schema/target.h"

namespace tideway::record {
namespace {

const Object& recommended() {
  static const Object object = {
      number("carb").range(0, 100),
      number("correction").range(-100, 100),
      number("net").range(-100, 100),
  };
  return object;
}

}  // namespace

const Object& wizard() {
  static const Object type =
      record_type("wizard", {
          number("bgInput").range_by("units", glucose_ranges()).to_mmol("units"),
          object("bgTarget", target_in_units),
          record_field("bolus", embedded_bolus),
          number("carbInput").range(0, 1000),
          number("insulinCarbRatio").range(0, 250),
          number("insulinOnBoard").range(0, 250),
          number("insulinSensitivity").range_by("units", glucose_ranges()).to_mmol("units"),
          object("recommended", recommended),
          string("units").required().one_of(glucose_units()).glucose_units(),
          string("carbUnits").one_of({"grams", "exchanges"}),
      }).parsed_as({"bgInput", "bgTarget", "carbInput", "insulinCarbRatio", "insulinOnBoard",
                    "insulinSensitivity", "recommended", "units", "bolus", "carbUnits"});
  return type;
}

}  // namespace tideway::record

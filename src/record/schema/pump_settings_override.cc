#include "record/glucose.h"
#include "record/schema/device_event.h"
#include "record/schema/target.h"

namespace tideway::record {
namespace {

const Object& units() {
  static const Object object = {
      string("bg").required().one_of(glucose_units()).glucose_units(),
  };
  return object;
}

}  // namespace

const Object& pump_settings_override() {
  constexpr double kWeekMilliseconds = 604'800'000;
  static const Object type = device_event_type("pumpSettingsOverride", {
      string("overrideType")
          .required()
          .one_of({"custom", "physicalActivity", "preprandial", "preset", "sleep"}),
      string("overridePreset").only_when("overrideType", {"preset"}).required().text(100),
      string("method").one_of({"automatic", "manual"}),
      integer("duration").range(0, kWeekMilliseconds),
      integer("expectedDuration").range_from("duration", 0, kWeekMilliseconds),
      object("bgTarget", target_in_bg_units),
      number("basalRateScaleFactor").range(0.1, 10),
      number("carbRatioScaleFactor").range(0.1, 10),
      number("insulinSensitivityScaleFactor").range(0.1, 10),
      object("units", units).only_with("bgTarget").required(),
  });
  return type;
}

}  // namespace tideway::record

#include "record/schema/pump_settings.h"

#include "record/glucose.h"
#include "record/schema/base.h"
#include "record/schema/formulation.h"
#include "record/schema/target.h"

namespace tideway::record {
namespace {

constexpr std::string_view kUnits = "/units/bg";

const Object& basal_rate_start() {
  static const Object object = {
      number("rate").required().range(0, 100),
      integer("start"),
  };
  return object;
}

const Object& carb_ratio_start() {
  static const Object object = {
      number("amount").required().range(0, 250),
      integer("start"),
  };
  return object;
}

const Object& insulin_sensitivity_start() {
  static const Object object = {
      number("amount").required().range_by(kUnits, glucose_ranges()).to_mmol(kUnits),
      integer("start"),
  };
  return object;
}

const Object& units() {
  static const Object object = {
      string("bg").required().one_of(glucose_units()).glucose_units(),
      string("carb").required().one_of({"exchanges", "grams"}),
      string("insulin").one_of({"Units"}),
  };
  return object;
}

}  // namespace

const Object& pump_settings() {
  constexpr double kWeekMinutes = 10'080;
  static const Object type = record_type("pumpSettings", {
      string("activeSchedule").required().not_empty(),
      boolean("automatedDelivery"),
      object("basal", pump_basal),
      objects("basalSchedule", basal_rate_start).starts(),
      objects_map("basalSchedules", basal_rate_start).not_with("basalSchedule").starts(),
      number("bgSafetyLimit").range_by(kUnits, glucose_ranges()).to_mmol(kUnits),
      object("bgTargetPhysicalActivity", target_in_bg_units),
      object("bgTargetPreprandial", target_in_bg_units),
      objects("bgTarget", target_start).starts(),
      objects_map("bgTargets", target_start).not_with("bgTarget").starts(),
      object("bolus", pump_bolus),
      objects("carbRatio", carb_ratio_start).starts(),
      objects_map("carbRatios", carb_ratio_start).not_with("carbRatio").starts(),
      object("display", pump_display),
      string("firmwareVersion").text(100),
      string("hardwareVersion").text(100),
      object("insulinFormulation", formulation),
      object("insulinModel", insulin_model),
      objects("insulinSensitivity", insulin_sensitivity_start).starts(),
      objects_map("insulinSensitivities", insulin_sensitivity_start)
          .not_with("insulinSensitivity")
          .starts(),
      strings("manufacturers").not_empty().length_max(10).each_text(100).unique().sorted(),
      string("model").text(100),
      string("name").text(100),
      object_map("overridePresets", override_preset),
      integer("scheduleTimeZoneOffset").range(-kWeekMinutes, kWeekMinutes),
      string("serialNumber").text(100),
      string("softwareVersion").text(100),
      object("units", units),
  });
  return type;
}

}  // namespace tideway::record

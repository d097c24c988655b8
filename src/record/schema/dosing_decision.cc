#include "record/schema/dosing_decision.h"

#include "record/glucose.h"
#include "record/schema/base.h"
#include "record/schema/nutrition.h"
#include "record/schema/target.h"

namespace tideway::record {
namespace {

constexpr double kDayMilliseconds = 86'400'000;
constexpr double kWeekMinutes = 10'080;
constexpr int kGlucoseValuesMax = 1440;
constexpr std::string_view kUnits = "/units/bg";

const Object& food() {
  static const Object food_object = {
      instant("time"),
      object("nutrition", nutrition).required(),
  };
  return food_object;
}

const Object& measured_glucose() {
  static const Object object = {
      instant("time").required(),
      number("value").required().range_by(kUnits, glucose_ranges()).to_mmol(kUnits),
  };
  return object;
}

/// A forecast may be anything, also below zero.
const Object& forecast_glucose() {
  static const Object object = {
      instant("time"),
      number("value").required().to_mmol(kUnits),
  };
  return object;
}

const Object& carbs_on_board() {
  static const Object object = {
      instant("time"),
      number("amount").required().range(0, 1000),
  };
  return object;
}

const Object& insulin_on_board() {
  static const Object object = {
      instant("time"),
      number("amount").required().range(-1000, 1000),
  };
  return object;
}

const Object& recommended_basal() {
  static const Object object = {
      number("rate").required().range(0, 100),
      integer("duration").range(0, kDayMilliseconds),
  };
  return object;
}

/// Either an amount, or what is given at once and what over a time.
const Object& bolus_amounts() {
  static const Object object = Object{
      number("amount").range(0, 100),
      integer("duration")
          .not_with("amount")
          .only_with("extended")
          .required()
          .range(0, kDayMilliseconds),
      number("extended").not_with("amount").range(0, 100),
      number("normal").not_with("amount").range(0, 100),
  }.any_of({"amount", "extended", "normal"});
  return object;
}

const Object& issue() {
  static const Object object = {
      string("id").required().text(100),
      metadata("metadata"),
  };
  return object;
}

const Object& units() {
  static const Object object = {
      string("bg").required().one_of(glucose_units()).glucose_units(),
      string("carb").required().one_of({"exchanges", "grams"}),
      string("insulin").required().one_of({"Units"}),
  };
  return object;
}

}  // namespace

const Object& dosing_decision() {
  static const Object type = record_type("dosingDecision", {
      string("reason").required().text(100),
      object("originalFood", food),
      object("food", food),
      object("smbg", measured_glucose),
      object("carbsOnBoard", carbs_on_board),
      object("insulinOnBoard", insulin_on_board),
      objects("bgTargetSchedule", target_start).starts(),
      objects("bgHistorical", measured_glucose).not_empty().length_max(kGlucoseValuesMax),
      objects("bgForecast", forecast_glucose).not_empty().length_max(kGlucoseValuesMax),
      object("recommendedBasal", recommended_basal),
      object("recommendedBolus", bolus_amounts),
      object("requestedBolus", bolus_amounts),
      objects("warnings", issue).not_empty().length_max(100),
      objects("errors", issue).not_empty().length_max(100),
      integer("scheduleTimeZoneOffset").range(-kWeekMinutes, kWeekMinutes),
      object("units", units).required(),
  });
  return type;
}

}  // namespace tideway::record

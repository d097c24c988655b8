#include "record/schema/pump_settings.h"
#include "record/schema/target.h"

namespace tideway::record {
namespace {

constexpr double kWeekMilliseconds = 604'800'000;
constexpr double kDaySeconds = 86'400;

const Object& rate_maximum() {
  static const Object object = {
      string("units").required().one_of({"Units/hour"}),
      number("value").required().range_by("units", {{"Units/hour", 0, 100}}),
  };
  return object;
}

const Object& temporary() {
  static const Object object = {
      string("type").required().one_of({"off", "percent", "Units/hour"}),
  };
  return object;
}

const Object& amount_maximum() {
  static const Object object = {
      string("units").required().one_of({"Units"}),
      number("value").required().range_by("units", {{"Units", 0, 100}}),
  };
  return object;
}

const Object& active_insulin() {
  static const Object object = {
      number("duration").required().range_by(
          "units", {{"hours", 0, 10}, {"minutes", 0, 600}, {"seconds", 0, 36'000}}),
      string("units").required().one_of({"hours", "minutes", "seconds"}),
  };
  return object;
}

const Object& calculator() {
  static const Object calculator_object = {
      boolean("enabled").required(),
      object("insulin", active_insulin),
  };
  return calculator_object;
}

const Object& extended() {
  static const Object object = {boolean("enabled").required()};
  return object;
}

const Object& blood_glucose() {
  static const Object object = {string("units").required().one_of({"mg/dL", "mmol/L"})};
  return object;
}

}  // namespace

const Object& pump_basal() {
  static const Object basal = {
      object("rateMaximum", rate_maximum),
      object("temporary", temporary),
  };
  return basal;
}

const Object& pump_bolus() {
  static const Object bolus = {
      object("amountMaximum", amount_maximum),
      object("calculator", calculator),
      object("extended", extended),
  };
  return bolus;
}

const Object& pump_display() {
  static const Object display = {object("bloodGlucose", blood_glucose)};
  return display;
}

const Object& insulin_model() {
  static const Object object = {
      string("modelType").one_of({"fiasp", "other", "rapidAdult", "rapidChild", "walsh"}),
      string("modelTypeOther").only_when("modelType", {"other"}).required().text(100),
      integer("actionDelay").range(0, kDaySeconds),
      integer("actionDuration").range(0, kDaySeconds),
      integer("actionPeakOffset").range_up_to("actionDuration", 0, kDaySeconds),
  };
  return object;
}

const Object& override_preset() {
  static const Object preset = {
      string("abbreviation").text(100),
      integer("duration").range(0, kWeekMilliseconds),
      object("bgTarget", target_in_bg_units),
      number("basalRateScaleFactor").range(0.1, 10),
      number("carbRatioScaleFactor").range(0.1, 10),
      number("insulinSensitivityScaleFactor").range(0.1, 10),
  };
  return preset;
}

}  // namespace tideway::record

#include "record/schema/cgm_settings.h"

namespace tideway::record {
namespace {

const Object& snooze() {
  static const Object object = Object{
      number("duration").required().range_by(
          "units", {{"hours", 0, 10}, {"minutes", 0, 600}, {"seconds", 0, 36'000}}),
      string("units").required().one_of({"hours", "minutes", "seconds"}),
  };
  return object;
}

/// One alert: whether it is on, how it is put off, and the quantity that raises it.
Object alert_on(std::string_view quantity, std::vector<UnitRange> ranges,
                std::vector<std::string_view> units) {
  return Object{
      boolean("enabled").required(),
      object("snooze", snooze),
      string("units").only_with(quantity).required().one_of(std::move(units)),
      number(quantity).range_by("units", std::move(ranges)),
  }.parsed_as({"enabled", "snooze", quantity, "units"});
}

Object alert_on_level(double mg_low, double mg_high, double mmol_low, double mmol_high) {
  return alert_on("level", {{"mg/dL", mg_low, mg_high}, {"mmol/L", mmol_low, mmol_high}},
                  {"mg/dL", "mmol/L"});
}

const Object& urgent_low() {
  static const Object object = alert_on_level(40, 80, 2.2203, 4.4406);
  return object;
}

const Object& low() {
  static const Object object = alert_on_level(50, 150, 2.77537, 8.32612);
  return object;
}

const Object& high() {
  static const Object object = alert_on_level(100, 400, 5.55075, 22.20299);
  return object;
}

const Object& rate() {
  static const Object object =
      alert_on("rate", {{"mg/dL/minute", 0, 10}, {"mmol/L/minute", 0.05551, 0.55507}},
               {"mmol/L/minute", "mg/dL/minute"});
  return object;
}

const Object& duration() {
  static const Object object =
      alert_on("duration", {{"hours", 0, 6}, {"minutes", 0, 360}, {"seconds", 0, 21'600}},
               {"hours", "minutes", "seconds"});
  return object;
}

}  // namespace

const Object& cgm_alerts() {
  static const Object alerts = {
      boolean("enabled").required(),
      object("urgentLow", urgent_low),
      object("urgentLowPredicted", urgent_low),
      object("low", low),
      object("lowPredicted", low),
      object("high", high),
      object("highPredicted", high),
      object("fall", rate),
      object("rise", rate),
      object("noData", duration),
      object("outOfRange", duration),
  };
  return alerts;
}

}  // namespace tideway::record

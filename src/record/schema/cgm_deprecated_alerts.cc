#include "record/schema/cgm_settings.h"

namespace tideway::record {
namespace {

constexpr std::string_view kUnits = "/units";

/// `first`, `second`, then every five minutes from twenty minutes to four hours, then `last`.
std::vector<double> snoozes(double first, std::vector<double> last) {
  constexpr double kMinute = 60'000;
  std::vector<double> values = {0, first};
  for (double minutes = 20; minutes <= 240; minutes += 5) values.push_back(minutes * kMinute);
  values.insert(values.end(), last.begin(), last.end());
  return values;
}

Object level_alerts(double mg_low, double mg_high, double mmol_low, double mmol_high) {
  return Object{
      boolean("enabled").required(),
      number("level").required().to_mmol(kUnits),
      integer("snooze").required().one_of_numbers(
          snoozes(900'000, {15'300'000, 16'200'000, 17'100'000, 18'000'000})),
      again("level").range_by(kUnits, {{"mg/dL", mg_low, mg_high},
                                       {"mg/dl", mg_low, mg_high},
                                       {"mmol/L", mmol_low, mmol_high},
                                       {"mmol/l", mmol_low, mmol_high}}),
  };
}

/// The mmol/L rates are the unrounded quotients, compared exactly.
Object rate_alert(std::vector<double> mg, std::vector<double> mmol) {
  return Object{
      boolean("enabled").required(),
      number("rate")
          .required()
          .one_of_by(kUnits, {{"mg/dL", mg}, {"mg/dl", mg}, {"mmol/L", mmol}, {"mmol/l", mmol}})
          .to_mmol(kUnits),
  };
}

constexpr double kTwoMg = 0.11101495982091067;
constexpr double kThreeMg = 0.16652243973136602;

const Object& fall_rate() {
  static const Object object = rate_alert({-3, -2}, {-kThreeMg, -kTwoMg});
  return object;
}

const Object& rise_rate() {
  static const Object object = rate_alert({2, 3}, {kTwoMg, kThreeMg});
  return object;
}

}  // namespace

const Object& cgm_high_alerts() {
  static const Object object = level_alerts(100, 400, 5.55075, 22.20299);
  return object;
}

const Object& cgm_low_alerts() {
  static const Object object = level_alerts(59, 150, 3.27494, 8.32612);
  return object;
}

const Object& cgm_out_of_range_alerts() {
  static const Object object = {
      boolean("enabled").required(),
      integer("snooze").required().one_of_numbers(snoozes(60'000, {})),
  };
  return object;
}

const Object& cgm_rate_of_change_alerts() {
  static const Object alerts = {
      object("fallRate", fall_rate).required(),
      object("riseRate", rise_rate).required(),
  };
  return alerts;
}

}  // namespace tideway::record

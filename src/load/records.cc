#include "load/records.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/time.h"
#include "load/noise.h"

namespace tideway::load {
namespace {

constexpr int64_t kReadingMs = 5 * kMinuteMs;

std::string utc(int64_t time_ms) {
  // Without the fraction, which is zero: the way in which servers print it too.
  return format_utc_milliseconds(time_ms).substr(0, 19) + "Z";
}

/// The members that all records have, with what opens the object.
std::string begin(const Device& device, std::string_view type, int64_t time_ms) {
  std::string text = fmt::format(
      R"({{"type":"{}","time":"{}","deviceId":"{}","timezone":"Europe/Berlin","timezoneOffset":60)",
      type, utc(time_ms), device.id);
  if (!device.origin_prefix.empty()) {
    fmt::format_to(
        std::back_inserter(text),
        R"(,"origin":{{"id":"{}-{}-{}","name":"org.tideway.bench","type":"application"}})",
        device.origin_prefix, type, time_ms / 1000);
  }
  return text;
}

}  // namespace

std::string cbg(const Device& device, const Life& life, int64_t time_ms) {
  return begin(device, "cbg", time_ms) +
         fmt::format(R"(,"units":"mmol/L","value":{}}})", life.glucose(time_ms));
}

std::string scheduled_basal(const Device& device, const Life& life, int64_t time_ms) {
  const auto hour = static_cast<int>((time_ms - kFirstDayMs) % kDayMs / (60 * kMinuteMs));
  return begin(device, "basal", time_ms) +
         fmt::format(R"(,"deliveryType":"scheduled","scheduleName":"Standard","rate":{},)"
                     R"("duration":{}}})",
                     life.basal_rate(hour), 60 * kMinuteMs);
}

std::string automated_basal(const Device& device, const Life& life, int64_t time_ms) {
  const double rate =
      std::round(noise(life.seed(), static_cast<uint64_t>(time_ms), 0, 60)) / 20.0;  // 0.05 steps
  return begin(device, "basal", time_ms) +
         fmt::format(R"(,"deliveryType":"automated","scheduleName":"Loop","rate":{},)"
                     R"("duration":{}}})",
                     rate, kReadingMs);
}

std::string wizard(const Device& device, const Life& life, const Meal& meal) {
  const double glucose = life.glucose(meal.time_ms);
  return begin(device, "wizard", meal.time_ms) +
         fmt::format(R"(,"units":"mmol/L","bgInput":{},"bgTarget":{{"low":5,"high":7}},)"
                     R"("carbInput":{},"carbUnits":"grams","insulinCarbRatio":10,)"
                     R"("insulinOnBoard":0.35,"insulinSensitivity":2.5,)"
                     R"("recommended":{{"carb":{},"correction":0,"net":{}}},"bolus":)",
                     glucose, meal.carbohydrate_grams, meal.insulin_units, meal.insulin_units) +
         begin(device, "bolus", meal.time_ms) +
         fmt::format(R"(,"subType":"normal","normal":{}}}}})", meal.insulin_units);
}

std::string pump_settings(const Device& device, const Life& life, int64_t time_ms) {
  std::string rates;
  for (int hour = 0; hour < 24; hour += 4) {
    fmt::format_to(std::back_inserter(rates), R"({}{{"start":{},"rate":{}}})", hour == 0 ? "" : ",",
                   hour * 60 * kMinuteMs, life.basal_rate(hour));
  }
  return begin(device, "pumpSettings", time_ms) +
         fmt::format(
             R"(,"activeSchedule":"Standard","automatedDelivery":false,)"
             R"("basalSchedules":{{"Standard":[{}],"Weekend":[{{"start":0,"rate":0.8}}]}},)"
             R"("bgTarget":[{{"start":0,"low":5,"high":7}}],)"
             R"("carbRatio":[{{"start":0,"amount":10}},{{"start":43200000,"amount":12}}],)"
             R"("insulinSensitivity":[{{"start":0,"amount":2.5}}],"manufacturers":["Tideway"],)"
             R"("model":"Bench","serialNumber":"{}","units":{{"bg":"mmol/L","carb":"grams"}}}})",
             rates, device.id);
}

std::string dosing_decision(const Device& device, const Life& life, int64_t time_ms) {
  constexpr int kReadings = 72;
  const auto readings = [&](int64_t first_ms) {
    std::string text;
    for (int i = 0; i < kReadings; ++i) {
      const int64_t at = first_ms + i * kReadingMs;
      fmt::format_to(std::back_inserter(text), R"({}{{"time":"{}","value":{}}})", i == 0 ? "" : ",",
                     utc(at), life.glucose(at));
    }
    return text;
  };
  const auto minute = static_cast<uint64_t>(time_ms / kMinuteMs);
  const auto tenths = [&](uint64_t what, double high) {
    return std::round(noise(life.seed() + what, minute, 0, high) * 10) / 10;
  };
  return begin(device, "dosingDecision", time_ms) +
         fmt::format(R"(,"reason":"loop","carbsOnBoard":{{"time":"{0}","amount":{1}}},)"
                     R"("insulinOnBoard":{{"time":"{0}","amount":{2}}},)"
                     R"("bgTargetSchedule":[{{"start":0,"low":5,"high":7}}],"bgHistorical":[{3}],)"
                     R"("bgForecast":[{4}],"recommendedBasal":{{"rate":{5},"duration":1800000}},)"
                     R"("recommendedBolus":{{"amount":{6}}},"scheduleTimeZoneOffset":60,)"
                     R"("units":{{"bg":"mmol/L","carb":"grams","insulin":"Units"}}}})",
                     utc(time_ms), tenths(11, 60), tenths(12, 8),
                     readings(time_ms - kReadings * kReadingMs), readings(time_ms), tenths(13, 3),
                     tenths(14, 2));
}

std::string controller_status(const Device& device, const Life& life, int64_t time_ms) {
  const double battery =
      std::round(noise(life.seed() + 15, static_cast<uint64_t>(time_ms), 20, 100)) / 100;
  return begin(device, "controllerStatus", time_ms) +
         fmt::format(R"(,"battery":{{"time":"{}","state":"unplugged","remaining":{},)"
                     R"("units":"percent"}}}})",
                     utc(time_ms), battery);
}

std::string pump_status(const Device& device, const Life& life, int64_t time_ms) {
  const double reservoir =
      std::round(noise(life.seed() + 16, static_cast<uint64_t>(time_ms), 20, 1800)) / 10;
  return begin(device, "pumpStatus", time_ms) +
         fmt::format(R"(,"basalDelivery":{{"state":"scheduled","time":"{0}"}},)"
                     R"("bolusDelivery":{{"state":"none"}},)"
                     R"("reservoir":{{"time":"{0}","remaining":{1},"units":"Units"}}}})",
                     utc(time_ms), reservoir);
}

}  // namespace tideway::load

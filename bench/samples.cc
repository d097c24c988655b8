#include "bench/samples.h"

#include <fmt/format.h>

#include <iterator>

#include "base/time.h"

namespace tideway::bench {
namespace {

constexpr int64_t kNewYear2025Ms = 1'735'689'600'000;
constexpr int64_t kFiveMinutesMs = 300'000;

std::string time_at(int64_t ms) { return format_utc_milliseconds(kNewYear2025Ms + ms); }

/// What every record of the loop has.
std::string common(std::string_view type, size_t number, int64_t ms) {
  const std::string time = time_at(ms);
  return fmt::format(
      R"({{"type":"{}","deviceId":"pump-4711","time":"{}","timezone":"Europe/Berlin",)"
      R"("timezoneOffset":60,"origin":{{"id":"{}/{}/{}","name":"org.example.loop",)"
      R"("type":"application"}})",
      type, time, time, type, number);
}

/// `"name":[{"time":…,"value":…},…]`, as a curve of some noise.
void append_curve(std::string& out, std::string_view name, int64_t begin_ms, int count, int seed) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":[", name);
  for (int i = 0; i < count; ++i) {
    const double value = 120 + (i * 37 + seed * 11) % 61 * 0.731 + i * 0.013;
    fmt::format_to(std::back_inserter(out), R"({}{{"time":"{}","value":{:.4f}}})", i > 0 ? "," : "",
                   time_at(begin_ms + i * kFiveMinutesMs), value);
  }
  out += ']';
}

std::string dosing_decision(int number, int64_t ms) {
  std::string out = common("dosingDecision", static_cast<size_t>(number), ms);
  out += R"(,"reason":"loop","carbsOnBoard":{"amount":12.5},"insulinOnBoard":{"amount":1.8},)"
         R"("recommendedBasal":{"rate":0.85,"duration":1800000},)"
         R"("recommendedBolus":{"amount":0.35},)"
         R"("units":{"bg":"mg/dL","carb":"grams","insulin":"Units"})";
  append_curve(out, "bgHistorical", ms - 72 * kFiveMinutesMs, 72, number);
  append_curve(out, "bgForecast", ms, 76, number + 5);
  return out + '}';
}

}  // namespace

std::string readings(uint64_t first, size_t count) {
  std::string out = "[";
  for (uint64_t number = first; number < first + count; ++number) {
    fmt::format_to(std::back_inserter(out),
                   R"({}{{"type":"cbg","units":"mg/dL","value":{},"time":"{}",)"
                   R"("deviceId":"DexG6Rec_8HT0421337","timezoneOffset":60,)"
                   R"("origin":{{"id":"reading-{}","name":"org.example.cgm"}}}})",
                   number > first ? "," : "", 70 + number * 7 % 180,
                   time_at(static_cast<int64_t>(number) * kFiveMinutesMs), number);
  }
  return out + ']';
}

std::string closed_loop_batch() {
  constexpr int kDecisions = 50;
  std::string out = "[";
  for (int i = 0; i < kDecisions; ++i) {
    const int64_t ms = i * kFiveMinutesMs;
    const auto number = static_cast<size_t>(i);
    if (i > 0) out += ',';
    out += dosing_decision(i, ms) + ',';
    out += common("pumpStatus", number, ms) +
           fmt::format(R"(,"basalDelivery":{{"state":"suspended","time":"{}"}},)"
                       R"("reservoir":{{"remaining":{},"units":"Units"}}}},)",
                       time_at(ms), 150 - i);
    out += common("controllerStatus", number, ms) +
           fmt::format(R"(,"battery":{{"state":"unplugged","remaining":{:.2f},)"
                       R"("units":"percent"}}}})",
                       0.99 - i * 0.01);
  }
  return out + ']';
}

}  // namespace tideway::bench

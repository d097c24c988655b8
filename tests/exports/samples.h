// Records as a fetch writes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exports/record_source.h"

namespace tideway::exports {

/// The text of a fetch in parts of `part_size` bytes.
inline RecordSource source_of(std::vector<std::string> records, size_t part_size = SIZE_MAX) {
  std::string text = "[";
  for (size_t i = 0; i < records.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    text += records[i];
  }
  text += records.empty() ? "]" : "\n]";
  return RecordSource(
      [text, part_size, at = size_t{0}](std::string& out) mutable -> store::Result<bool> {
        out += text.substr(at, part_size);
        at += std::min(part_size, text.size() - at);
        return at < text.size();
      });
}

inline constexpr std::string_view kBasal =
    R"({"deliveryType":"temp","duration":1800000,"id":"2","percent":0.5,"rate":0.8,)"
    R"("suppressed":{"deliveryType":"scheduled","rate":1.6,"scheduleName":"std","type":"basal"},)"
    R"("time":"2024-03-01T16:05:00Z","type":"basal"})";

inline constexpr std::string_view kCbg =
    R"({"annotations":[{"code":"x/y"}],"deviceTime":"2024-03-01T08:10:00","id":"1",)"
    R"("payload":{"a":1},"time":"2024-03-01T16:10:00Z","timezoneOffset":-480,"type":"cbg",)"
    R"("units":"mmol/L","value":5.55})";

inline constexpr std::string_view kPumpSettings =
    R"({"activeSchedule":"std","basalSchedules":{"sick":[{"rate":2,"start":0}],)"
    R"("std":[{"rate":0.5,"start":0},{"rate":0.75,"start":43200000}]},)"
    R"("bgTarget":[{"high":7,"low":5,"start":0}],"carbRatio":[{"amount":12,"start":0}],)"
    R"("id":"3","insulinSensitivities":{"std":[{"amount":2.5,"start":61500}]},)"
    R"("manufacturers":["Acme"],"model":"M1","time":"2024-03-01T10:00:00Z","type":"pumpSettings",)"
    R"("units":{"bg":"mmol/L","carb":"grams"}})";

}  // namespace tideway::exports

#include "load/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "load/noise.h"

namespace tideway::load {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"cgm", "pump", "loop"};
constexpr int64_t kReadingsADay = 288;
constexpr int64_t kReadingMs = kDayMs / kReadingsADay;

/// Every day of a pump has as many records as any other, so that it is known which holds the n-th.
constexpr size_t kPumpRecordsADay = kReadingsADay + 24 + kMealsADay + 1;
constexpr size_t kLoopRecordsAStep = 5;

void append_pump_day(std::vector<std::string>& records, const Device& device, const Life& life,
                     int64_t day) {
  const int64_t begin_ms = kFirstDayMs + day * kDayMs;
  const auto meals = life.meals(day);
  size_t eaten = 0;
  records.push_back(pump_settings(device, life, begin_ms));
  for (int64_t i = 0; i < kReadingsADay; ++i) {
    const int64_t now_ms = begin_ms + i * kReadingMs;
    for (; eaten < meals.size() && meals[eaten].time_ms < now_ms; ++eaten) {
      records.push_back(wizard(device, life, meals[eaten]));
    }
    records.push_back(cbg(device, life, now_ms));
    if (i % 12 == 0) records.push_back(scheduled_basal(device, life, now_ms));
  }
}

}  // namespace

std::string_view name_of(Kind kind) { return kNames[static_cast<size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Kind>(found - kNames.begin());
}

size_t usual_chunk_records(Kind kind) {
  switch (kind) {
    case Kind::kCgm:
      return 10;
    case Kind::kPump:
      return 1000;
    case Kind::kLoop:
      return 150;
  }
  return 1;
}

Person::Person(uint64_t seed, size_t number, Kind kind) : kind_(kind), life_(mixed(seed, number)) {
  device_.id = fmt::format("tideway-bench-{}-{:08x}", name_of(kind), life_.seed() >> 32);
  if (kind != Kind::kPump) device_.origin_prefix = fmt::format("{:016x}", life_.seed());
}

std::string Person::data_set() const {
  if (kind_ == Kind::kPump) {
    return fmt::format(
        R"({{"type":"upload","dataSetType":"normal","deviceId":"{0}",)"
        R"("deviceManufacturers":["Tideway"],"deviceModel":"Bench","deviceSerialNumber":"{0}",)"
        R"("deviceTags":["insulin-pump","cgm"],"time":"2024-01-01T00:00:00Z",)"
        R"("timezone":"Europe/Berlin","timezoneOffset":60,"version":"1.0.0",)"
        R"("deduplicator":{{"name":"org.tidepool.deduplicator.device.deactivate.hash"}}}})",
        device_.id);
  }
  return R"({"type":"upload","dataSetType":"continuous","client":{"name":"org.tideway.bench",)"
         R"("version":"1.0.0"},)"
         R"("deduplicator":{"name":"org.tidepool.deduplicator.dataset.delete.origin"}})";
}

std::string Person::record(size_t number) const {
  const size_t a_step = kind_ == Kind::kLoop ? kLoopRecordsAStep : 1;
  const int64_t now_ms = kFirstDayMs + static_cast<int64_t>(number / a_step) * kReadingMs;
  switch (number % a_step) {
    case 1:
      return dosing_decision(device_, life_, now_ms);
    case 2:
      return automated_basal(device_, life_, now_ms);
    case 3:
      return controller_status(device_, life_, now_ms);
    case 4:
      return pump_status(device_, life_, now_ms);
    default:
      return cbg(device_, life_, now_ms);
  }
}

std::string Person::pump_chunk(size_t first, size_t count) const {
  std::string text;
  size_t place = first % kPumpRecordsADay;
  for (size_t day = first / kPumpRecordsADay; count > 0; ++day, place = 0) {
    std::vector<std::string> records;
    records.reserve(kPumpRecordsADay);
    append_pump_day(records, device_, life_, static_cast<int64_t>(day));
    for (; place < records.size() && count > 0; ++place, --count) {
      if (!text.empty()) text += ',';
      text += records[place];
    }
  }
  return "[" + text + "]";
}

std::string Person::chunk(size_t first, size_t count) const {
  if (kind_ == Kind::kPump) return pump_chunk(first, count);
  std::string text = "[";
  for (size_t i = first; i < first + count; ++i) {
    if (i > first) text += ',';
    text += record(i);
  }
  return text + "]";
}

}  // namespace tideway::load

#include "tests/e2e/records.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/time.h"
#include "tests/e2e/json_text.h"

namespace tideway::e2e {

namespace {

constexpr int64_t kStartMs = 1'714'521'600'000;  // 2024-05-01T00:00:00Z
constexpr int64_t kMinuteMs = 60'000;

}  // namespace

std::string hash_set(std::string_view device_id) {
  return fmt::format(
      R"({{"type":"upload","dataSetType":"normal","deviceId":"{}","version":"2.54.0",)"
      R"("deduplicator":{{"name":"org.tidepool.deduplicator.device.deactivate.hash"}}}})",
      device_id);
}

std::string plain_set() {
  return R"({"type":"upload","deduplicator":{"name":"org.tidepool.deduplicator.none"}})";
}

std::string smbg(std::string_view name, std::string_view device_id, int minute, double value) {
  return fmt::format(R"({{"type":"smbg","time":"{}","deviceId":"{}","units":"mmol/L","value":{},)"
                     R"("payload":{{"name":"{}"}}}})",
                     format_utc_milliseconds(kStartMs + minute * kMinuteMs), device_id, value,
                     name);
}

std::vector<std::string> numbered(int count, std::string_view device_id) {
  std::vector<std::string> records;
  for (int i = 0; i < count; ++i) records.push_back(smbg(fmt::to_string(i), device_id, i));
  return records;
}

std::string array_of(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ","));
}

std::vector<std::string> names_in(std::string_view fetched) {
  auto names = texts_of(fetched, "/payload/name");
  std::ranges::sort(names);
  return names;
}

}  // namespace tideway::e2e

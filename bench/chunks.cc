#include "bench/chunks.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "base/time.h"

namespace tideway::bench {
namespace {

constexpr int64_t kDayMilliseconds = 86'400'000;
constexpr size_t kDateSize = 10;

/// Whether a date and a time begin at `text`: "2025-03-02T".
bool is_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddT";
  if (text.size() < kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool fits = kForm[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
    if (!fits) return false;
  }
  return true;
}

int64_t day_of(std::string_view date) {
  return parse_local_time(std::string(date) + "T00:00:00")->milliseconds() / kDayMilliseconds;
}

std::string date_of(int64_t day) {
  return format_utc_milliseconds(day * kDayMilliseconds).substr(0, kDateSize);
}

}  // namespace

Chunks::Chunks(std::string sample, int days) : text_(std::move(sample)), days_(days) {
  const std::string_view text = text_;
  for (size_t at = text.find('"'); at != text.npos; at = text.find('"', at + 1)) {
    if (!is_date(text.substr(at + 1))) continue;
    places_.push_back({at + 1, day_of(text.substr(at + 1, kDateSize))});
    first_day_ = std::min(first_day_, places_.back().day);
  }
}

const std::string& Chunks::chunk(int number) {
  // The sample has many times but few dates: each is made once.
  std::vector<std::string> dates;
  for (const Place& place : places_) {
    const auto at = static_cast<size_t>(place.day - first_day_);
    while (dates.size() <= at) {
      dates.push_back(date_of(first_day_ + static_cast<int64_t>(dates.size()) + number * days_));
    }
    std::memcpy(text_.data() + place.at, dates[at].data(), kDateSize);
  }
  return text_;
}

std::string Chunks::moved_date(std::string_view date, int number) const {
  return date_of(day_of(date) + number * days_);
}

}  // namespace tideway::bench

#include "record/glucose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/number.h"

namespace tideway::record {
namespace {

constexpr std::array<std::string_view, 4> kUnits = {"mmol/L", "mmol/l", "mg/dL", "mg/dl"};
constexpr std::array<std::string_view, 2> kRateUnits = {"mmol/L/minute", "mg/dL/minute"};
constexpr double kMmolMax = 55;
constexpr double kMgMax = 1000;

struct Limits {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool hold(double value) const { return value >= low && value <= high; }
};

/// One target under check: its four fields and the limits of its units.
class Target {
 public:
  Target(const CheckContext& context, std::string_view units_path)
      : context_(context),
        high_(context.find("high")),
        low_(context.find("low")),
        range_(context.find("range")),
        target_(context.find("target")) {
    const std::string_view units = context.text(units_path);
    has_units_ = is_glucose_units(units);
    if (has_units_) limits_ = {0, is_mg_per_dl(units) ? kMgMax : kMmolMax};
  }

  /// The first row of the table that applies decides.
  void check() const {
    if (target_ != nullptr && range_ != nullptr) {
      forbid("high", high_);
      forbid("low", low_);
      const double t = target_->number;
      within("range", range_, anchored(target_, 0, std::min(t - limits_.low, limits_.high - t)));
      within("target", target_, limits_);
    } else if (target_ != nullptr) {
      if (high_ != nullptr) within("high", high_, anchored(target_, target_->number, limits_.high));
      forbid("low", low_);
      within("target", target_, limits_);
    } else if (high_ != nullptr && low_ != nullptr) {
      within("high", high_, anchored(low_, low_->number, limits_.high));
      within("low", low_, limits_);
      forbid("range", range_);
    } else {
      context_.report.not_exists(Path(context_.path, low_ != nullptr ? "high" : "target"));
    }
  }

 private:
  void forbid(std::string_view name, const Value* value) const {
    if (value != nullptr) context_.report.exists(Path(context_.path, name));
  }

  void within(std::string_view name, const Value* value, const Limits& limits) const {
    if (limits.hold(value->number)) return;
    context_.report.out_of_range(
        Path(context_.path, name), plain_number(value->number),
        fmt::format("between {} and {}", plain_number(limits.low), plain_number(limits.high)));
  }

  /// Limits that depend on another field hold only while that one is within its own.
  Limits anchored(const Value* anchor, double low, double high) const {
    return has_units_ && limits_.hold(anchor->number) ? Limits{low, high} : Limits{};
  }

  const CheckContext& context_;
  const Value* high_;
  const Value* low_;
  const Value* range_;
  const Value* target_;
  bool has_units_ = false;
  Limits limits_;
};

}  // namespace

std::vector<std::string_view> glucose_units() { return {kUnits.begin(), kUnits.end()}; }

std::vector<UnitRange> glucose_ranges() {
  std::vector<UnitRange> ranges;
  for (const auto units : kUnits)
    ranges.push_back({units, 0, is_mg_per_dl(units) ? kMgMax : kMmolMax});
  return ranges;
}

std::vector<std::string_view> glucose_rate_units() {
  return {kRateUnits.begin(), kRateUnits.end()};
}

std::vector<UnitRange> glucose_rate_ranges() {
  return {{kRateUnits[0], -5.5, 5.5}, {kRateUnits[1], -100, 100}};
}

bool is_glucose_units(std::string_view units) {
  return std::ranges::find(kUnits, units) != kUnits.end();
}

bool is_glucose_rate_units(std::string_view units) {
  return std::ranges::find(kRateUnits, units) != kRateUnits.end();
}

bool is_mg_per_dl(std::string_view units) { return units == "mg/dL" || units == "mg/dl"; }

double to_mmol_per_l(double mg_per_dl) {
  constexpr double kMgPerDlPerMmolPerL = 18.01559;
  constexpr double kPrecision = 100000;
  const double scaled = mg_per_dl / kMgPerDlPerMmolPerL * kPrecision;
  const double half = mg_per_dl < 0 ? -0.5 : 0.5;
  return static_cast<double>(to_int64(scaled + half)) / kPrecision;
}

void check_target(const CheckContext& context, std::string_view units_path) {
  Target(context, units_path).check();
}

}  // namespace tideway::record

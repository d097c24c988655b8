#include "load/life.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "load/noise.h"

namespace tideway::load {
namespace {

constexpr std::array<double, kMealsADay> kMealHours = {7.5, 12.5, 16.0, 19.0};
constexpr std::array<int, kMealsADay> kMealGrams = {45, 65, 20, 70};
constexpr double kGramsAUnit = 10;

double rounded(double value, double step) { return std::round(value / step) / (1 / step); }

/// How far a meal has come after so many minutes: up within three quarters of an hour, back within
/// four hours.
double rise(double minutes) {
  if (minutes <= 0 || minutes > 360) return 0;
  const double peak = 45;
  return minutes / peak * std::exp(1 - minutes / peak);
}

}  // namespace

Life::Meals Life::make_meals(int64_t day) const {
  Meals meals{};
  for (size_t i = 0; i < kMealsADay; ++i) {
    const uint64_t at = static_cast<uint64_t>(day) * kMealsADay + i;
    const double minutes = kMealHours[i] * 60 + noise(seed_, at, -40, 40);
    // Odd seconds, so that no meal falls on a reading.
    const int64_t seconds = static_cast<int64_t>(minutes * 60) | 1;
    const int grams = kMealGrams[i] + static_cast<int>(noise(seed_ + 1, at, -15, 25));
    meals[i] = {.time_ms = kFirstDayMs + day * kDayMs + seconds * 1000,
                .carbohydrate_grams = grams,
                .insulin_units = rounded(grams / kGramsAUnit, 0.05)};
  }
  return meals;
}

const Life::Meals& Life::meals(int64_t day) const {
  Day& slot = remembered_[static_cast<size_t>(day) % remembered_.size()];
  if (slot.number != day) slot = {.number = day, .meals = make_meals(day)};
  return slot.meals;
}

double Life::glucose(int64_t time_ms) const {
  const int64_t day = (time_ms - kFirstDayMs) / kDayMs;
  const double hours = static_cast<double>((time_ms - kFirstDayMs) % kDayMs) / (60.0 * kMinuteMs);
  // The usual level, the dawn phenomenon, and days that are not like the others.
  double value = noise(seed_, 7, 5.5, 8.0);
  value += 1.2 * std::sin((hours - 2) / 24 * 2 * std::numbers::pi);
  value += 0.7 * std::sin(hours / 5 + noise(seed_ + 2, static_cast<uint64_t>(day), 0, 6));
  for (const int64_t of : {day - 1, day}) {
    if (of < 0) continue;
    for (const Meal& meal : meals(of)) {
      const double minutes = static_cast<double>(time_ms - meal.time_ms) / kMinuteMs;
      value += rise(minutes) * meal.carbohydrate_grams / 20.0;
      value -= rise(minutes - 60) * meal.insulin_units / 2.5;
    }
  }
  value += noise(seed_ + 3, static_cast<uint64_t>(time_ms), -0.25, 0.25);
  return rounded(std::clamp(value, 2.2, 22.2), 0.1);
}

double Life::basal_rate(int hour) const {
  return rounded(noise(seed_ + 4, static_cast<uint64_t>(hour / 4), 0.6, 1.3), 0.05);
}

}  // namespace tideway::load

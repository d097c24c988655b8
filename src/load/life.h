// What happens to a made-up person: meals, and the glucose that follows. Functions of the seed and
// the time alone, so that any part can be told again at any moment without what went before. Not
// for several threads: the days last looked at are remembered.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tideway::load {

inline constexpr int64_t kMinuteMs = 60'000;
inline constexpr int64_t kDayMs = 24 * 60 * kMinuteMs;

/// The first day of every history: 2024-01-01T00:00:00Z.
inline constexpr int64_t kFirstDayMs = 1'704'067'200'000;

struct Meal {
  int64_t time_ms;
  int carbohydrate_grams;
  double insulin_units;
};

inline constexpr size_t kMealsADay = 4;

class Life {
 public:
  explicit Life(uint64_t seed) : seed_(seed) {}

  using Meals = std::array<Meal, kMealsADay>;
  /// Of one day, in the order of their times. Lives until the next call.
  const Meals& meals(int64_t day) const;

  /// In mmol/L, between 2.2 and 22.2, with one decimal as a meter shows it.
  double glucose(int64_t time_ms) const;

  /// Units an hour of the basal schedule.
  double basal_rate(int hour) const;

  uint64_t seed() const { return seed_; }

 private:
  struct Day {
    int64_t number = -1;
    Meals meals{};
  };
  Meals make_meals(int64_t day) const;

  uint64_t seed_;
  mutable std::array<Day, 4> remembered_;
};

}  // namespace tideway::load

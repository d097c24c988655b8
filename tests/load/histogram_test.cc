#include "load/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

namespace tideway::load {
namespace {

using Duration = Histogram::Duration;

TEST(Histogram, IsZeroWithoutValues) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(0.99).count(), 0);
  EXPECT_EQ(histogram.mean_ms(), 0);
}

TEST(Histogram, TellsOneValueExactly) {
  for (const int64_t value : {0L, 1L, 255L, 256L, 257L, 1'000'000L, 987'654'321'012L}) {
    Histogram histogram;
    histogram.record(Duration(value));
    EXPECT_EQ(histogram.quantile(0).count(), value);
    EXPECT_EQ(histogram.quantile(1).count(), value);
    EXPECT_EQ(histogram.max().count(), value);
  }
}

TEST(Histogram, CutsWhatIsOutOfRange) {
  Histogram histogram;
  histogram.record(Duration(-5));
  histogram.record(std::chrono::hours(100));
  EXPECT_EQ(histogram.quantile(0).count(), 0);
  EXPECT_EQ(histogram.quantile(1).count(), (int64_t{1} << 42) - 1);
}

/// The exact quantile is the smallest value that so many do not exceed.
int64_t exact_quantile(const std::vector<int64_t>& sorted, double share) {
  const auto rank = std::max(1.0, std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[static_cast<size_t>(rank) - 1];
}

TEST(Histogram, QuantilesAreAtMostALittleTooHighAndNeverTooLow) {
  constexpr uint64_t kSeed = 20'261'125;
  std::mt19937_64 random(kSeed);
  const auto check = [&](auto distribution, const char* name) {
    Histogram histogram;
    std::vector<int64_t> values;
    double sum = 0;
    for (int i = 0; i < 20'000; ++i) {
      const auto value = static_cast<int64_t>(distribution(random));
      values.push_back(value);
      sum += static_cast<double>(value);
      histogram.record(Duration(value));
    }
    std::ranges::sort(values);
    for (const double share : {0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
      const auto exact = exact_quantile(values, share);
      const auto found = histogram.quantile(share).count();
      EXPECT_GE(found, exact) << name << " " << share << ", seed " << kSeed;
      EXPECT_LE(static_cast<double>(found), static_cast<double>(exact) * 1.008 + 1)
          << name << " " << share << ", seed " << kSeed;
    }
    EXPECT_EQ(histogram.count(), values.size());
    EXPECT_EQ(histogram.max().count(), values.back());
    EXPECT_NEAR(histogram.mean_ms(), sum / 20'000 / 1e6, 1e-6);
  };
  check(std::uniform_int_distribution<int64_t>(0, 1000), "small");
  check(std::uniform_int_distribution<int64_t>(0, 4'000'000'000'000), "wide");
  check(std::exponential_distribution<>(1e-6), "exponential");
  check(std::lognormal_distribution<>(14, 2), "long tail");
}

TEST(Histogram, TakesValuesFromManyThreads) {
  Histogram histogram;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 1; i <= 10'000; ++i) histogram.record(Duration(i));
      });
    }
  }
  EXPECT_EQ(histogram.count(), 40'000U);
  EXPECT_EQ(histogram.max().count(), 10'000);
}

}  // namespace
}  // namespace tideway::load

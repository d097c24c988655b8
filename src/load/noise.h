// Random numbers that are functions of what they are for: the same always, in any order.
#pragma once

#include <cstdint>

namespace tideway::load {

/// SplitMix64: mixes two numbers to one that looks random.
constexpr uint64_t mixed(uint64_t a, uint64_t b) {
  uint64_t x = a + 0x9e3779b97f4a7c15 * (b + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The `what`-th number of `seed`, evenly distributed over [low, high).
constexpr double noise(uint64_t seed, uint64_t what, double low, double high) {
  constexpr double kScale = 1.0 / static_cast<double>(uint64_t{1} << 53);
  return low + (high - low) * static_cast<double>(mixed(seed, what) >> 11) * kScale;
}

}  // namespace tideway::load

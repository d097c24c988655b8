// Decimal digits in pairs, which are cheaper to look up than to divide.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tideway {

/// "00" to "99", one after the other.
inline constexpr std::array<char, 200> kTwoDigits = [] {
  std::array<char, 200> digits{};
  for (size_t i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();

/// Writes two digits of `value`, below 100, and returns the place behind them.
inline char* put_two(char* at, uint64_t value) {
  std::memcpy(at, &kTwoDigits[2 * value], 2);
  return at + 2;
}

}  // namespace tideway

// Comparing, copying and hashing of short texts, such as names of members, without a call: the
// library's memcmp costs more to enter than a name costs to compare.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tideway {
namespace short_text {

inline uint64_t load64(const char* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

inline uint32_t load32(const char* at) {
  uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace short_text

inline bool same_text(std::string_view left, std::string_view right) {
  using namespace short_text;
  const size_t size = left.size();
  if (size != right.size()) return false;
  const char* const a = left.data();
  const char* const b = right.data();
  if (size >= 8) {
    for (size_t at = 0; at + 8 < size; at += 8) {
      if (load64(a + at) != load64(b + at)) return false;
    }
    return load64(a + size - 8) == load64(b + size - 8);
  }
  if (size >= 4) {
    return load32(a) == load32(b) && load32(a + size - 4) == load32(b + size - 4);
  }
  if (size == 0) return true;
  return a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1];
}

/// Copies text in pieces of a fixed size, unless it is long.
inline void copy_short(char* to, std::string_view text) {
  using namespace short_text;
  const size_t size = text.size();
  const char* const from = text.data();
  if (size > 64) {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    for (size_t at = 0; at + 16 < size; at += 16) std::memcpy(to + at, from + at, 16);
    std::memcpy(to + size - 16, from + size - 16, 16);
  } else if (size >= 8) {
    const uint64_t last = load64(from + size - 8);
    std::memcpy(to, from, 8);
    std::memcpy(to + size - 8, &last, 8);
  } else if (size >= 4) {
    const uint32_t last = load32(from + size - 4);
    std::memcpy(to, from, 4);
    std::memcpy(to + size - 4, &last, 4);
  } else {
    for (size_t at = 0; at < size; ++at) to[at] = from[at];
  }
}

/// Whether `text` is one of `texts`.
template <class Texts>
bool is_one_of(const Texts& texts, std::string_view text) {
  for (const auto& other : texts) {
    if (same_text(other, text)) return true;
  }
  return false;
}

/// A number that depends on the size and up to eight bytes: all of a text of that size, else those
/// at its start.
inline uint64_t short_hash(std::string_view text) {
  using namespace short_text;
  const size_t size = text.size();
  const char* const at = text.data();
  uint64_t bytes = 0;
  if (size >= 8) {
    bytes = load64(at);
  } else if (size >= 4) {
    bytes = load32(at) | static_cast<uint64_t>(load32(at + size - 4)) << 32;
  } else if (size > 0) {
    const auto byte = [&](size_t i) { return static_cast<uint64_t>(static_cast<uint8_t>(at[i])); };
    bytes = byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
  }
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;  // the golden ratio, as in Fibonacci hashing
  return (bytes + size * 0x100000001b3) * kOdd;
}

}  // namespace tideway

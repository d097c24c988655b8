// Choices for generators, read from bytes that RapidCheck makes and shrinks. Behind their end every
// choice is the first one, so that shorter tapes mean simpler values and everything ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tideway::properties {

class Tape {
 public:
  explicit Tape(std::vector<uint8_t> bytes) : bytes_(std::move(bytes)) {}

  /// 0 to `count` - 1.
  size_t below(size_t count) {
    if (count <= 1) return 0;
    size_t value = byte();
    for (size_t range = 256; range < count; range *= 256) value = value * 256 + byte();
    return value % count;
  }

  bool chance(size_t percent) { return below(100) + percent >= 100; }

  template <class T>
  const T& one_of(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  uint8_t byte() { return at_ < bytes_.size() ? bytes_[at_++] : 0; }

  std::vector<uint8_t> bytes_;
  size_t at_ = 0;
};

}  // namespace tideway::properties

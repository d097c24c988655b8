// Text that grows at its end by many small pieces. A std::string checks and calls for each piece;
// here room is asked for once and then filled through a pointer.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "base/short_text.h"

namespace tideway {

/// Keeps its memory when cleared. After a move the source may only be destroyed or assigned to.
class TextBuffer {
 public:
  /// Where the next `size_bytes` may be written. What was written counts once commit() is told
  /// where it ends.
  char* room(size_t size_bytes) {
    if (bytes_.size() - size_ < size_bytes) grow(size_bytes);
    return bytes_.data() + size_;
  }
  void commit(const char* end) { size_ = static_cast<size_t>(end - bytes_.data()); }

  void append(std::string_view text) {
    char* const at = room(text.size());
    copy_short(at, text);
    size_ += text.size();
  }
  void append(char c) {
    *room(1) = c;
    ++size_;
  }

  /// The same as append(), for short texts with kPaddingBytes of anything readable behind their
  /// begin, which are copied along and then overwritten.
  static constexpr size_t kPaddingBytes = 32;
  void append_padded(std::string_view text) {
    if (text.size() > kPaddingBytes) return append(text);
    std::memcpy(room(kPaddingBytes), text.data(), kPaddingBytes);
    size_ += text.size();
  }

  size_t size() const { return size_; }
  std::string_view view() const { return {bytes_.data(), size_}; }
  void clear() { size_ = 0; }

 private:
  void grow(size_t size_bytes) { bytes_.resize(2 * bytes_.size() + size_bytes + kPaddingBytes); }

  std::string bytes_;  ///< all of it can be written, `size_` bytes of it count
  size_t size_ = 0;
};

}  // namespace tideway

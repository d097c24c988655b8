// zstd, as blocks use it: whole buffers at level 1, sizes known beforehand.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::store {

/// A buffer of fixed place: views into it stay valid when its owner is moved.
struct Buffer {
  std::unique_ptr<char[]> bytes;
  size_t size_bytes = 0;

  std::string_view view() const { return {bytes.get(), size_bytes}; }
};

/// Appends `plain`, compressed, to `out` and returns the number of bytes appended.
size_t append_compressed(std::string& out, std::string_view plain);

/// Undoes append_compressed. kCorruption when `compressed` is not one frame of exactly
/// `plain_size_bytes`; nothing is allocated before the frame's own header agrees to that size. The
/// caller has bounded the size.
Result<Buffer> decompress(std::string_view compressed, size_t plain_size_bytes);

}  // namespace tideway::store

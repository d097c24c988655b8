#include "record/value.h"

#include <algorithm>
#include <cstring>

namespace tideway::record {

void* Arena::allocate(size_t size_bytes) {
  constexpr size_t kAlignment = alignof(std::max_align_t);
  size_bytes = (size_bytes + kAlignment - 1) & ~(kAlignment - 1);
  while (chunk_ < chunks_.size() && used_ + size_bytes > chunks_[chunk_].size) {
    ++chunk_;
    used_ = 0;
  }
  if (chunk_ == chunks_.size()) {
    const size_t size = std::max(size_bytes, kChunkBytes);
    chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  }
  void* const place = chunks_[chunk_].bytes.get() + used_;
  used_ += size_bytes;
  return place;
}

std::string_view Arena::copy(std::string_view text) {
  char* const place = static_cast<char*>(allocate(text.size()));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

void Arena::clear() {
  chunk_ = 0;
  used_ = 0;
}

const Value* ObjectValue::find(std::string_view name) const {
  if (object == nullptr) return nullptr;
  const int at = object->find(name);
  if (at < 0 || !fields[static_cast<size_t>(at)].present) return nullptr;
  return &fields[static_cast<size_t>(at)];
}

std::string Path::pointer() const {
  if (parent == nullptr) return {};
  std::string out = parent->pointer();
  out += '/';
  if (is_index) {
    out += std::to_string(index);
    return out;
  }
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tideway::record

#include "record/value.h"

#include <algorithm>
#include <cstring>

namespace tideway::record {

void Arena::use(size_t chunk) {
  chunk_ = chunk;
  next_ = chunks_[chunk].bytes.get();
  end_ = next_ + chunks_[chunk].size;
}

void Arena::use_next_chunk(size_t size_bytes) {
  for (size_t chunk = chunk_ + 1; chunk < chunks_.size(); ++chunk) {
    if (chunks_[chunk].size >= size_bytes) return use(chunk);
  }
  const size_t size = std::max(size_bytes, kChunkBytes);
  chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  use(chunks_.size() - 1);
}

std::string_view Arena::copy(std::string_view text) {
  char* const place = static_cast<char*>(allocate(text.size()));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

void Arena::clear() {
  if (!chunks_.empty()) use(0);
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

// What parsing makes of a JSON object: the values of its declared fields, in one arena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "record/schema.h"

namespace tideway::record {

/// Memory for the values of one record; clear() makes all of it free at once.
class Arena {
 public:
  /// Value-initialised objects that need no destructor.
  template <class T>
  std::span<T> make(size_t count) {
    const std::span<T> raw = make_raw<T>(count);
    std::uninitialized_value_construct_n(raw.data(), count);
    return raw;
  }

  /// The same of objects all of whose bytes are zero then.
  template <class T>
  std::span<T> make_zeroed(size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::span<T> raw = make_raw<T>(count);
    std::memset(static_cast<void*>(raw.data()), 0, raw.size_bytes());
    return raw;
  }

  /// The same without any object yet: the caller constructs each one in its place.
  template <class T>
  std::span<T> make_raw(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return {static_cast<T*>(allocate(count * sizeof(T))), count};
  }

  std::string_view copy(std::string_view text);
  void clear();

  /// An empty text to put together what is then copied. The same one each time.
  std::string& scratch() {
    scratch_.clear();
    return scratch_;
  }

 private:
  static constexpr size_t kChunkBytes = 64 * 1024;
  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    size_t size = 0;
  };

  void* allocate(size_t size_bytes) {
    constexpr size_t kAlignment = alignof(std::max_align_t);
    size_bytes = (size_bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (static_cast<size_t>(end_ - next_) < size_bytes) use_next_chunk(size_bytes);
    void* const place = next_;
    next_ += size_bytes;
    return place;
  }
  void use_next_chunk(size_t size_bytes);
  void use(size_t chunk);

  std::vector<Chunk> chunks_;
  size_t chunk_ = 0;  ///< the one in use
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;  ///< of the chunk in use
  std::string scratch_;
};

struct Value;

/// The fields of one object, in the order of object->fields().
struct ObjectValue {
  const Object* object = nullptr;
  std::span<Value> fields;
  FieldSet present = 0;  ///< which of them are

  const Value* find(std::string_view name) const;  ///< null when absent or not declared
};

/// One value. Which members count follows from the kind of its field: those of other kinds share
/// their place, since a hostile body can hold a great many values. All zero, it is absent.
struct Value {
  struct Shape {
    const Object* object;
    FieldSet present;
  };

  Value() {}

  bool present = false;
  bool boolean = false;
  union {
    Shape shape = {};  ///< of an object
    double number;     ///< integers too: they pass through a double
    Time time;
    const std::string_view* keys;  ///< of a map, parallel to `items`, ascending
  };
  union {
    std::string_view text = {};  ///< string, time as sent; canonical JSON of metadata
    std::span<Value> items;      ///< array items, map values, fields of an object
  };

  ObjectValue object() const { return {shape.object, items, shape.present}; }
};

/// Where a value stands in the request, as a chain of steps on the stack. Costs nothing until an
/// error needs the pointer.
struct Path {
  const Path* parent = nullptr;
  std::string_view key;
  size_t index = 0;
  bool is_index = false;

  Path() = default;
  Path(const Path& outer, std::string_view member) : parent(&outer), key(member) {}
  Path(const Path& outer, size_t position) : parent(&outer), index(position), is_index(true) {}

  /// RFC 6901.
  std::string pointer() const;
};

}  // namespace tideway::record

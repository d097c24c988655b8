// The orders in which the members of objects came last. A device writes all its records in the same
// way, so that of nearly every member one knows which it will be before its name is looked up.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "record/schema.h"

namespace tideway::record {

/// What it says is a guess. Not to be shared between threads.
class MemberOrders {
 public:
  /// Members behind these share the last place.
  static constexpr size_t kMembersMax = 32;
  /// For each member of an object, in the order of the text, its field; -1 when that is not known.
  using Order = std::array<int16_t, kMembersMax>;

  /// For objects of that shape; to be corrected by who reads one. Any further call may make another
  /// order out of it.
  Order& of(const Object& object) {
    Entry& entry = entries_[reinterpret_cast<uintptr_t>(&object) / alignof(Object) * kOdd >> 58];
    if (entry.object != &object) {
      entry.object = &object;
      entry.order.fill(-1);
    }
    return entry.order;
  }

 private:
  static constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  struct Entry {
    const Object* object = nullptr;
    Order order{};
  };
  /// By the address; two objects with the same place take it from each other.
  std::array<Entry, 64> entries_;
};

}  // namespace tideway::record

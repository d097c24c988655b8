// How a mask is stored:
//
//   version      byte 1
//   group_count  varint, then per group
//     by_upload_id  bytes (varint length, then the bytes)
//     time_ms       signed varint
//     slot_count    varint, then the slots ascending, each as a varint of the difference to the one
//                   before
#include "dataset/mask.h"

#include <algorithm>

#include "base/coding.h"

namespace tideway::dataset {
namespace {

constexpr char kVersion = 1;

}  // namespace

bool Mask::hides(uint32_t slot) const {
  return std::ranges::any_of(groups_, [&](const Archived& group) {
    return std::ranges::binary_search(group.slots, slot);
  });
}

void Mask::archive(std::string_view by_upload_id, int64_t time_ms, std::vector<uint32_t> slots) {
  groups_.push_back({std::string(by_upload_id), time_ms, std::move(slots)});
}

std::string Mask::encode() const {
  std::string out(1, kVersion);
  put_varint(out, groups_.size());
  for (const Archived& group : groups_) {
    put_bytes(out, group.by_upload_id);
    put_signed_varint(out, group.time_ms);
    put_varint(out, group.slots.size());
    uint32_t before = 0;
    for (const uint32_t slot : group.slots) {
      put_varint(out, slot - before);
      before = slot;
    }
  }
  return out;
}

store::Result<Mask> Mask::decode(std::string_view bytes) {
  Decoder in(bytes);
  Mask mask;
  const bool known = in.byte() == kVersion;
  for (uint64_t count = known ? in.varint() : 0; count > 0 && in.ok(); --count) {
    Archived& group = mask.groups_.emplace_back();
    group.by_upload_id = in.bytes();
    group.time_ms = in.signed_varint();
    uint32_t slot = 0;
    for (uint64_t slots = in.varint(); slots > 0 && in.ok(); --slots) {
      slot += static_cast<uint32_t>(in.varint());
      group.slots.push_back(slot);
    }
  }
  if (!known || !in.at_end()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "mask: malformed"});
  }
  return mask;
}

}  // namespace tideway::dataset

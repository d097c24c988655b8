#include "dataset/identities.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tideway::dataset {

size_t IdentitySet::find(const store::Identity& identity) const {
  uint64_t start = 0;  // of a SHA-256 any part is as good as another
  std::memcpy(&start, identity.data(), sizeof start);
  size_t at = start & (places_.size() - 1);
  while (places_[at] != 0 && identities_[places_[at] - 1] != identity) {
    at = (at + 1) & (places_.size() - 1);
  }
  return at;
}

void IdentitySet::make_table() {
  places_.assign(std::bit_ceil(2 * identities_.size()), 0);
  for (uint32_t i = 0; i < identities_.size(); ++i) {
    uint32_t& place = places_[find(identities_[i])];
    if (place == 0) place = i + 1;
  }
}

void IdentitySet::insert(const store::Identity& identity) {
  identities_.push_back(identity);
  places_.clear();
}

bool IdentitySet::contains(const store::Identity& identity) {
  if (identities_.empty()) return false;
  if (next_ == identities_.size()) next_ = 0;
  if (identities_[next_] == identity) {
    ++next_;
    return true;
  }
  if (places_.empty()) make_table();
  const uint32_t place = places_[find(identity)];
  if (place > 0) next_ = place;
  return place > 0;
}

void Reach::add(std::string_view device_id, int64_t first_ms, int64_t last_ms) {
  if (!device_ids.contains(device_id)) device_ids.emplace(device_id);
  time_first_ms = std::min(time_first_ms, first_ms);
  time_last_ms = std::max(time_last_ms, last_ms);
}

bool Reach::meets(const store::BlockSummary& summary) const {
  const bool has_device = std::ranges::any_of(
      summary.device_ids, [&](const auto& device_id) { return device_ids.contains(device_id); });
  return has_device && std::ranges::any_of(summary.types, [&](const auto& type) {
           return type.time_first_ms <= time_last_ms && type.time_last_ms >= time_first_ms;
         });
}

store::Result<Identities> collect_identities(Edit& edit, std::string_view upload_id,
                                             BlockRange range, std::string_view device_id) {
  Identities found;
  for (uint32_t number = range.first; number < range.end; ++number) {
    const BlockName name{std::string(upload_id), number};
    const auto block = edit.block(name);
    if (!block) return std::unexpected(block.error());
    if (*block == nullptr) continue;
    const auto mask = edit.mask(name);
    if (!mask) return std::unexpected(mask.error());
    for (uint32_t slot = 0; slot < (*block)->count(); ++slot) {
      const auto* const identity = (*block)->identity(slot);
      if (identity == nullptr || (*mask)->is_gone(slot)) continue;
      const std::string_view device = (*block)->device_id(slot);
      if (!device_id.empty() && device != device_id) continue;
      found.set.insert(*identity);
      found.reach.add(device, (*block)->time_ms(slot), (*block)->time_ms(slot));
    }
  }
  return found;
}

}  // namespace tideway::dataset

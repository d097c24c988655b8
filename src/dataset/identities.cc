#include "dataset/identities.h"

#include <algorithm>

namespace tideway::dataset {

bool Identities::contain(const store::IdentityHash& hash) const {
  return std::ranges::binary_search(hashes, hash);
}

bool Identities::may_be_in(const store::BlockSummary& summary) const {
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
      const auto* const hash = (*block)->identity(slot);
      if (hash == nullptr || (*mask)->is_gone(slot)) continue;
      const std::string_view device = (*block)->device_id(slot);
      if (!device_id.empty() && device != device_id) continue;
      found.hashes.push_back(*hash);
      if (!found.device_ids.contains(device)) found.device_ids.emplace(device);
      found.time_first_ms = std::min(found.time_first_ms, (*block)->time_ms(slot));
      found.time_last_ms = std::max(found.time_last_ms, (*block)->time_ms(slot));
    }
  }
  std::ranges::sort(found.hashes);
  return found;
}

}  // namespace tideway::dataset

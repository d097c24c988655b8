#include "dataset/deactivate_hash.h"

#include <algorithm>
#include <limits>
#include <set>

#include "dataset/blocks.h"

namespace tideway::dataset {
namespace {

using store::IdentityHash;

/// The identities of one set, and the time in which records equal to one of them can lie: equal
/// hashes imply equal time and device.
struct Identities {
  std::vector<IdentityHash> hashes;  ///< ascending
  int64_t time_first_ms = std::numeric_limits<int64_t>::max();
  int64_t time_last_ms = std::numeric_limits<int64_t>::min();

  bool contain(const IdentityHash& hash) const {
    return std::ranges::binary_search(hashes, hash);
  }
};

store::Result<Identities> collect(const store::Reader& reader, const DataSet& set) {
  Identities found;
  for (uint32_t number = 0; number < set.block_count; ++number) {
    const auto block = read_block(reader, {set.upload_id, number});
    if (!block) return std::unexpected(block.error());
    for (size_t slot = 0; slot < block->count(); ++slot) {
      const IdentityHash* const hash = block->identity(slot);
      if (hash == nullptr) continue;
      found.hashes.push_back(*hash);
      found.time_first_ms = std::min(found.time_first_ms, block->time_ms(slot));
      found.time_last_ms = std::max(found.time_last_ms, block->time_ms(slot));
    }
  }
  std::ranges::sort(found.hashes);
  return found;
}

bool may_match(const store::BlockSummary& summary, std::string_view device_id,
               const Identities& identities) {
  return std::ranges::binary_search(summary.device_ids, device_id) &&
         std::ranges::any_of(summary.types, [&](const auto& type) {
           return type.time_first_ms <= identities.time_last_ms &&
                  type.time_last_ms >= identities.time_first_ms;
         });
}

/// The ids of the user's sets whose records count.
store::Result<std::set<std::string, std::less<>>> active_sets(const store::Reader& reader) {
  std::set<std::string, std::less<>> active;
  store::Result<void> failure;
  const auto scanned = store::scan_prefix(reader, kDataSetPrefix, [&](auto, auto value) {
    const auto set = DataSet::decode(value);
    if (!set) {
      failure = std::unexpected(set.error());
      return false;
    }
    if (set->active) active.insert(set->upload_id);
    return true;
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return active;
}

store::Result<void> archive_in_block(store::Transaction& transaction, const BlockName& name,
                                     const DataSet& closing, const Identities& identities,
                                     int64_t now_ms) {
  const auto block = read_block(transaction, name);
  if (!block) return std::unexpected(block.error());
  auto mask = read_mask(transaction, name);
  if (!mask) return std::unexpected(mask.error());
  std::vector<uint32_t> slots;
  for (uint32_t slot = 0; slot < block->count(); ++slot) {
    const IdentityHash* const hash = block->identity(slot);
    if (hash != nullptr && block->device_id(slot) == closing.device_id &&
        identities.contain(*hash) && !mask->hides(slot)) {
      slots.push_back(slot);
    }
  }
  if (slots.empty()) return {};
  mask->archive(closing.upload_id, now_ms, std::move(slots));
  transaction.put(mask_key(name.upload_id, name.number), mask->encode());
  return {};
}

}  // namespace

store::Result<void> archive_by_hash(store::Transaction& transaction, const DataSet& closing,
                                    int64_t now_ms) {
  const auto identities = collect(transaction, closing);
  if (!identities) return std::unexpected(identities.error());
  if (identities->hashes.empty()) return {};
  const auto active = active_sets(transaction);
  if (!active) return std::unexpected(active.error());

  std::vector<BlockName> candidates;
  auto scanned = scan_summaries(transaction, {}, [&](BlockRef block) {
    if (block.name.upload_id != closing.upload_id && active->contains(block.name.upload_id) &&
        may_match(block.summary, closing.device_id, *identities)) {
      candidates.push_back(std::move(block.name));
    }
  });
  if (!scanned) return scanned;
  for (const BlockName& name : candidates) {
    auto archived = archive_in_block(transaction, name, closing, *identities, now_ms);
    if (!archived) return archived;
  }
  return {};
}

}  // namespace tideway::dataset

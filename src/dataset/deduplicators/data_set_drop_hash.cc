// org.tidepool.deduplicator.dataset.drop.hash: a record whose identity the set already has is not
// stored.
#include <algorithm>
#include <unordered_set>

#include "dataset/deduplicators/effects.h"
#include "dataset/identity_hashes.h"
#include "dataset/origin_records.h"

namespace tideway::dataset {
namespace {

/// An identity is its own digest in the index.
std::string identity_digest(const store::Identity& identity) {
  return {identity.begin(), identity.end()};
}

std::vector<std::string> identity_digests(std::span<const record::IdentityHash> hashes) {
  std::vector<std::string> digests;
  digests.reserve(hashes.size());
  for (const auto& hash : hashes) digests.push_back(identity_digest(beginning_of(hash)));
  return digests;
}

class DataSetDropHash final : public Effects {
 public:
  std::optional<std::string_view> identity_key(const DataSet& set,
                                               std::string_view) const override {
    return set.id;
  }

  record::ReadOptions read_options() const override {
    return {.with_identity = true, .requires_device_id = false};
  }

  /// Of equal ones in the batch the last counts. Only records that count are looked at, so an open
  /// normal set takes everything, as in the reference.
  store::Result<void> add(Edit& edit, DataSet& set, const Records& records) const override {
    const std::vector<record::IdentityHash> hashes = identity_hashes(set, records);
    const std::vector<std::string> keys = index_keys(set.upload_id, identity_digests(hashes));
    const auto known = find_known(edit, set, keys);
    if (!known) return std::unexpected(known.error());
    std::unordered_set<std::string_view> seen;
    std::vector<size_t> kept;
    for (size_t i = records.size(); i-- > 0;) {
      if (!(*known)[i] && seen.insert(keys[i]).second) kept.push_back(i);
    }
    std::ranges::reverse(kept);
    Records added;
    std::vector<record::IdentityHash> added_hashes;
    for (const size_t i : kept) {
      added.push_back(records[i]);
      added_hashes.push_back(hashes[i]);
    }
    const auto places = append(edit, set, added, added_hashes);
    if (!places) return std::unexpected(places.error());
    for (size_t i = 0; set.active && i < places->size(); ++i) {
      put_places(edit.transaction(), keys[kept[i]], {&(*places)[i], 1});
    }
    return {};
  }

  Step<void> follow_restoration(Edit& edit, DataSet& set, uint32_t added_first) const override {
    const auto dropped =
        drop_replaced(edit, set, added_first,
                      [](store::Block& block, uint32_t slot) -> store::Result<std::string> {
                        const auto* const identity = block.identity(slot);
                        return identity == nullptr ? std::string() : identity_digest(*identity);
                      });
    return dropped ? Step<void>() : fail(dropped.error());
  }

 private:
  /// Of each identity, by its key in the index, whether a record of the set that counts has it.
  static store::Result<std::vector<bool>> find_known(Edit& edit, const DataSet& set,
                                                     std::span<const std::string> keys) {
    std::vector<bool> known(keys.size());
    if (!set.active) return known;
    const auto places = find_places(edit.transaction(), keys);
    if (!places) return std::unexpected(places.error());
    for (size_t i = 0; i < keys.size(); ++i) {
      for (const Place& place : (*places)[i]) {
        if (place.block < set.block_first) continue;
        const auto mask = edit.mask({set.upload_id, place.block});
        if (!mask) return std::unexpected(mask.error());
        if (!(*mask)->hides(place.slot)) known[i] = true;
      }
    }
    return known;
  }
};

}  // namespace

const Effects& data_set_drop_hash() {
  static const DataSetDropHash effects;
  return effects;
}

}  // namespace tideway::dataset

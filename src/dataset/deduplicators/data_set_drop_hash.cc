// org.tidepool.deduplicator.dataset.drop.hash: a record whose identity the set already has is not
// stored.
#include <algorithm>
#include <set>

#include "dataset/deduplicators/effects.h"
#include "dataset/origin_records.h"
#include "record/identity.h"

namespace tideway::dataset {
namespace {

/// The digest of an identity in the index: hashes are cut like any digest.
std::string identity_digest(const store::IdentityHash& hash) {
  return index_digest({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::string identity_digest(const DataSet& set, const record::Record& record) {
  return identity_digest(record::identity_hash(set.user_id, set.id, record.identity));
}

class DataSetDropHash final : public Effects {
 public:
  std::optional<std::string_view> identity_key(const DataSet& set,
                                               const record::Record&) const override {
    return set.id;
  }

  record::ReadOptions read_options() const override {
    return {.with_identity = true, .requires_device_id = false};
  }

  /// Of equal ones in the batch the last counts. Only records that count are looked at, so an open
  /// normal set takes everything, as in the reference.
  store::Result<void> add(Edit& edit, DataSet& set, const Records& records) const override {
    std::set<std::string> seen;
    Records kept;
    std::vector<std::string> digests;
    for (auto at = records.rbegin(); at != records.rend(); ++at) {
      std::string digest = identity_digest(set, **at);
      if (!seen.insert(digest).second) continue;
      const auto known = has(edit, set, digest);
      if (!known) return std::unexpected(known.error());
      if (*known) continue;
      kept.push_back(*at);
      digests.push_back(std::move(digest));
    }
    std::ranges::reverse(kept);
    std::ranges::reverse(digests);
    const auto places = append(edit, set, kept);
    if (!places) return std::unexpected(places.error());
    for (size_t i = 0; set.active && i < places->size(); ++i) {
      put_places(edit.transaction(), set.upload_id, digests[i], {(*places)[i]});
    }
    return {};
  }

  Step<void> follow_restoration(Edit& edit, DataSet& set, uint32_t added_first) const override {
    const auto dropped =
        drop_replaced(edit, set, added_first,
                      [](store::Block& block, uint32_t slot) -> store::Result<std::string> {
                        const auto* const hash = block.identity(slot);
                        return hash == nullptr ? std::string() : identity_digest(*hash);
                      });
    return dropped ? Step<void>() : fail(dropped.error());
  }

 private:
  /// Whether a record of the set that counts has the identity.
  static store::Result<bool> has(Edit& edit, const DataSet& set, std::string_view digest) {
    if (!set.active) return false;
    const auto places = find_places(edit.transaction(), set.upload_id, digest);
    if (!places) return std::unexpected(places.error());
    for (const Place& place : *places) {
      if (place.block < set.block_first) continue;
      const auto mask = edit.mask({set.upload_id, place.block});
      if (!mask) return std::unexpected(mask.error());
      if (!(*mask)->hides(place.slot)) return true;
    }
    return false;
  }
};

}  // namespace

const Effects& data_set_drop_hash() {
  static const DataSetDropHash effects;
  return effects;
}

}  // namespace tideway::dataset

#include "dataset/selection.h"

#include <algorithm>
#include <set>

#include "base/ids.h"
#include "dataset/derived_id.h"
#include "dataset/identity_hashes.h"
#include "dataset/stored_origin.h"
#include "record/identity.h"

namespace tideway::dataset {
namespace {

using store::Block;

/// Whether the record in a slot is one of those selected.
using Matches = std::function<store::Result<bool>(Block& block, uint32_t slot)>;

Matches hash_matcher(const DataSet& set, const Selection& selection) {
  std::set<store::Identity> beginnings;
  std::set<record::IdentityHash> hashes;
  for (const std::string& value : selection.values) {
    const auto hash = record::from_base64(value);
    if (!hash) continue;
    hashes.insert(*hash);
    beginnings.insert(beginning_of(*hash));
  }
  return [&set, beginnings, hashes](Block& block, uint32_t slot) -> store::Result<bool> {
    const store::Identity* const identity = block.identity(slot);
    if (identity == nullptr || !beginnings.contains(*identity)) return false;
    const auto loaded = block.load_text();
    if (!loaded) return std::unexpected(loaded.error());
    return hashes.contains(identity_hashes(identity_key(set), block, {&slot, 1}).front());
  };
}

Matches matcher(const DataSet& set, const Selection& selection, const store::IdCipher& cipher) {
  const std::set<std::string, std::less<>> values(selection.values.begin(), selection.values.end());
  switch (selection.key) {
    case Selection::Key::kHash:
      return hash_matcher(set, selection);
    case Selection::Key::kOriginId:
      return [values](Block& block, uint32_t slot) -> store::Result<bool> {
        const auto record = block.record(slot);
        if (!record) return std::unexpected(record.error());
        return values.contains(stored_origin(*record).id);
      };
    default:
      return [values, &cipher](Block& block, uint32_t slot) {
        if (!block.id(slot).empty()) return values.contains(block.id(slot));
        return values.contains(to_hex(cipher.derive(block.nonce(), slot)));
      };
  }
}

store::Result<std::vector<Place>> scan(Edit& edit, const DataSet& set, const Matches& matches) {
  std::vector<Place> places;
  for (uint32_t number = set.block_first; number < set.block_count; ++number) {
    const BlockName name{set.upload_id, number};
    const auto block = edit.block(name);
    if (!block) return std::unexpected(block.error());
    if (*block == nullptr) continue;
    const auto mask = edit.mask(name);
    if (!mask) return std::unexpected(mask.error());
    for (uint32_t slot = 0; slot < (*block)->count(); ++slot) {
      if ((*mask)->is_gone(slot)) continue;
      const auto match = matches(**block, slot);
      if (!match) return std::unexpected(match.error());
      if (*match) places.push_back({number, slot});
    }
  }
  return places;
}

/// Moves the values that are ids derived from a block of the set to `places`: they say themselves
/// where their record is, which saves looking through the set.
store::Result<void> take_derived(Edit& edit, const DataSet& set, std::vector<std::string>& ids,
                                 std::vector<Place>& places) {
  std::vector<std::string> others;
  for (std::string& id : ids) {
    const auto derived = DerivedId::read(edit.cipher(), id);
    const uint32_t number = derived ? derived->block() : UINT32_MAX;
    std::optional<uint32_t> slot;
    if (number >= set.block_first && number < set.block_count) {
      const BlockName name{set.upload_id, number};
      const auto block = edit.block(name);
      if (!block) return std::unexpected(block.error());
      if (*block != nullptr) slot = derived->slot_in(**block);
    }
    if (!slot) {
      others.push_back(std::move(id));
      continue;
    }
    const auto mask = edit.mask({set.upload_id, number});
    if (!mask) return std::unexpected(mask.error());
    if (!(*mask)->is_gone(*slot)) places.push_back({number, *slot});
  }
  ids = std::move(others);
  return {};
}

}  // namespace

store::Result<std::vector<Place>> find_selected(Edit& edit, const DataSet& set,
                                                const Selection& selection) {
  Selection rest = selection;
  std::vector<Place> places;
  if (rest.key == Selection::Key::kId) {
    const auto taken = take_derived(edit, set, rest.values, places);
    if (!taken) return std::unexpected(taken.error());
  }
  if (!rest.values.empty()) {
    const auto scanned = scan(edit, set, matcher(set, rest, edit.cipher()));
    if (!scanned) return std::unexpected(scanned.error());
    places.insert(places.end(), scanned->begin(), scanned->end());
  }
  std::ranges::sort(places);
  const auto repeated = std::ranges::unique(places);
  places.erase(repeated.begin(), repeated.end());
  return places;
}

store::Result<void> destroy(Edit& edit, const DataSet& set, const std::vector<Place>& places) {
  for (const Place& place : places) {
    const auto mask = edit.mask({set.upload_id, place.block});
    if (!mask) return std::unexpected(mask.error());
    (*mask)->destroy(place.slot, edit.now_ms());
  }
  return {};
}

}  // namespace tideway::dataset

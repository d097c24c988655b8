#include "dataset/origin_records.h"

#include <algorithm>
#include <map>

#include "dataset/stored_origin.h"

namespace tideway::dataset {
namespace {

using ByOrigin = std::map<std::string_view, Records>;

ByOrigin group_by_origin(const Records& records) {
  ByOrigin groups;
  for (const record::Record* const record : records) {
    if (!record->origin_id.empty()) groups[record->origin_id].push_back(record);
  }
  return groups;
}

/// Whether adding a record would change nothing that a reader sees. Its id is left out where the
/// client sent none: the stored one goes on serving.
bool is_same(const store::BlockRecord& stored, const store::BlockRecord& sent) {
  return stored.time_ms == sent.time_ms && stored.type == sent.type &&
         stored.sub_type == sent.sub_type && stored.device_id == sent.device_id &&
         stored.flags == sent.flags && stored.id == sent.id && stored.text == sent.text &&
         stored.segment_sizes == sent.segment_sizes;
}

store::Result<bool> are_same(Edit& edit, const DataSet& set, const std::vector<Place>& places,
                             const Records& records) {
  if (places.size() != records.size()) return false;
  for (size_t i = 0; i < places.size(); ++i) {
    const auto block = edit.block({set.upload_id, places[i].block});
    if (!block) return std::unexpected(block.error());
    const auto stored = (*block)->record(places[i].slot);
    if (!stored) return std::unexpected(stored.error());
    if (!is_same(*stored, block_record(*records[i], edit.now_ms()))) return false;
  }
  return true;
}

}  // namespace

Records with_origin(const Records& records) {
  Records found;
  std::ranges::copy_if(records, std::back_inserter(found),
                       [](const auto* record) { return !record->origin_id.empty(); });
  return found;
}

store::Result<std::vector<Place>> find_by_origin(Edit& edit, const DataSet& set,
                                                 std::string_view origin_id) {
  auto places = find_places(edit.transaction(), set.upload_id, index_digest(origin_id));
  if (!places) return places;
  std::vector<Place> present;
  for (const Place& place : *places) {
    if (place.block < set.block_first) continue;
    const auto mask = edit.mask({set.upload_id, place.block});
    if (!mask) return std::unexpected(mask.error());
    if (!(*mask)->is_gone(place.slot)) present.push_back(place);
  }
  return present;
}

store::Result<void> add_by_origin(Edit& edit, DataSet& set, const Records& records) {
  std::set<std::string_view> unchanged;
  for (const auto& [origin_id, group] : group_by_origin(records)) {
    const auto places = find_by_origin(edit, set, origin_id);
    if (!places) return std::unexpected(places.error());
    if (places->empty()) continue;
    const auto same = are_same(edit, set, *places, group);
    if (!same) return std::unexpected(same.error());
    if (*same) {
      unchanged.insert(origin_id);
      continue;
    }
    const auto destroyed = destroy(edit, set, *places);
    if (!destroyed) return destroyed;
  }
  Records kept;
  std::ranges::copy_if(records, std::back_inserter(kept),
                       [&](const auto* record) { return !unchanged.contains(record->origin_id); });
  const auto places = append(edit, set, kept);
  if (!places) return std::unexpected(places.error());
  std::map<std::string_view, std::vector<Place>> entries;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (!kept[i]->origin_id.empty()) entries[kept[i]->origin_id].push_back((*places)[i]);
  }
  for (const auto& [origin_id, entered] : entries) {
    put_places(edit.transaction(), set.upload_id, index_digest(origin_id), entered);
  }
  return {};
}

store::Result<void> remove_counting(Edit& edit, DataSet& set, const Selection& selection) {
  if (!set.active) return {};
  std::vector<Place> places;
  if (selection.key == Selection::Key::kOriginId) {
    for (const std::string& origin_id : selection.values) {
      const auto found = find_by_origin(edit, set, origin_id);
      if (!found) return std::unexpected(found.error());
      places.insert(places.end(), found->begin(), found->end());
    }
  } else {
    auto found = find_selected(edit, set, selection);
    if (!found) return std::unexpected(found.error());
    places = std::move(*found);
  }
  return destroy(edit, set, places);
}

store::Result<void> drop_replaced(Edit& edit, const DataSet& set, uint32_t added_first,
                                  const DigestOf& digest_of) {
  std::vector<Place> replaced;
  for (uint32_t number = set.block_first; number < added_first; ++number) {
    const BlockName name{set.upload_id, number};
    const auto mask = edit.mask(name);
    if (!mask) return std::unexpected(mask.error());
    const auto block = edit.block(name);
    if (!block) return std::unexpected(block.error());
    for (uint32_t slot = 0; *block != nullptr && slot < (*block)->count(); ++slot) {
      if ((*mask)->is_gone(slot)) continue;
      const auto digest = digest_of(**block, slot);
      if (!digest) return std::unexpected(digest.error());
      if (digest->empty()) continue;
      const auto entered = find_places(edit.transaction(), set.upload_id, *digest);
      if (!entered) return std::unexpected(entered.error());
      // An entry always names the last ones that the set took.
      const Place place{number, slot};
      if (!entered->empty() && std::ranges::count(*entered, place) == 0) replaced.push_back(place);
    }
  }
  return destroy(edit, set, replaced);
}

store::Result<void> drop_replaced_origins(Edit& edit, const DataSet& set, uint32_t added_first) {
  return drop_replaced(edit, set, added_first,
                       [](store::Block& block, uint32_t slot) -> store::Result<std::string> {
                         const auto record = block.record(slot);
                         if (!record) return std::unexpected(record.error());
                         const std::string origin_id = stored_origin(*record).id;
                         return origin_id.empty() ? std::string() : index_digest(origin_id);
                       });
}

}  // namespace tideway::dataset

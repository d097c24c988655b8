#include "dataset/origin_records.h"

#include <algorithm>

#include "dataset/stored_origin.h"

namespace tideway::dataset {
namespace {

/// The records of a batch with one origin id, in their order.
struct Group {
  std::string_view origin_id;
  std::span<const record::Record* const> records;
  std::span<Place> places;    ///< where they went, as far as that is known
  bool is_unchanged = false;  ///< the set has them as they are

  void add(const Place& place) {
    places = {places.data(), places.size() + 1};
    places.back() = place;
  }
};

/// Of records that are sorted by origin id; places[i] is that of sorted[i].
std::vector<Group> group_by_origin(const Records& sorted, std::vector<Place>& places) {
  std::vector<Group> groups;
  groups.reserve(sorted.size());
  for (size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    const std::string_view origin_id = sorted[begin]->origin_id;
    while (end < sorted.size() && sorted[end]->origin_id == origin_id) ++end;
    groups.push_back({origin_id, std::span(sorted).subspan(begin, end - begin),
                      std::span(places).subspan(begin, 0)});
  }
  return groups;
}

/// The group of a record, or null.
Group* find_group(std::vector<Group>& groups, const record::Record& record) {
  const auto found = std::ranges::lower_bound(groups, record.origin_id, {}, &Group::origin_id);
  return found != groups.end() && found->origin_id == record.origin_id ? &*found : nullptr;
}

std::vector<std::string> digests_of(const std::vector<Group>& groups) {
  std::vector<std::string> digests;
  digests.reserve(groups.size());
  for (const Group& group : groups) digests.push_back(index_digest(group.origin_id));
  return digests;
}

/// Those of the places whose records are not gone.
store::Result<std::vector<Place>> present(Edit& edit, const DataSet& set,
                                          const std::vector<Place>& places) {
  std::vector<Place> found;
  for (const Place& place : places) {
    if (place.block < set.block_first) continue;
    const auto mask = edit.mask({set.upload_id, place.block});
    if (!mask) return std::unexpected(mask.error());
    if (!(*mask)->is_gone(place.slot)) found.push_back(place);
  }
  return found;
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
                             std::span<const record::Record* const> records) {
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
  found.reserve(records.size());
  std::ranges::copy_if(records, std::back_inserter(found),
                       [](const auto* record) { return !record->origin_id.empty(); });
  return found;
}

store::Result<std::vector<Place>> find_by_origin(Edit& edit, const DataSet& set,
                                                 std::string_view origin_id) {
  const auto places = find_places(edit.transaction(), set.upload_id, index_digest(origin_id));
  if (!places) return std::unexpected(places.error());
  return present(edit, set, *places);
}

store::Result<void> add_by_origin(Edit& edit, DataSet& set, const Records& records) {
  Records sorted = with_origin(records);
  std::ranges::stable_sort(sorted, {}, &record::Record::origin_id);
  std::vector<Place> sorted_places(sorted.size());
  std::vector<Group> groups = group_by_origin(sorted, sorted_places);
  const std::vector<std::string> keys = index_keys(set.upload_id, digests_of(groups));
  const auto known = find_places(edit.transaction(), keys);
  if (!known) return std::unexpected(known.error());
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto places = present(edit, set, (*known)[i]);
    if (!places) return std::unexpected(places.error());
    if (places->empty()) continue;
    const auto same = are_same(edit, set, *places, groups[i].records);
    if (!same) return std::unexpected(same.error());
    groups[i].is_unchanged = *same;
    if (*same) continue;
    const auto destroyed = destroy(edit, set, *places);
    if (!destroyed) return destroyed;
  }
  Records kept;
  std::vector<Group*> kept_groups;
  kept.reserve(records.size());
  kept_groups.reserve(records.size());
  for (const record::Record* const record : records) {
    Group* const group = find_group(groups, *record);
    if (group != nullptr && group->is_unchanged) continue;
    kept.push_back(record);
    kept_groups.push_back(group);
  }
  const auto places = append(edit, set, kept);
  if (!places) return std::unexpected(places.error());
  for (size_t i = 0; i < kept.size(); ++i) {
    if (kept_groups[i] != nullptr) kept_groups[i]->add((*places)[i]);
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].is_unchanged) continue;
    put_places(edit.transaction(), keys[i], groups[i].places);
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

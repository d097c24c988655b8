#include "query/catalogue.h"

#include <algorithm>
#include <span>

#include "dataset/all_sets.h"
#include "dataset/calendar.h"
#include "dataset/identity_hashes.h"
#include "dataset/record_flags.h"
#include "dataset/traits.h"

namespace tideway::query {
namespace {

constexpr int64_t kZeroTimeMs = -62'135'596'800'000;  // 0001-01-01T00:00:00Z: a set without a time
constexpr std::string_view kCbg = "cbg";

bool is_carelink(const dataset::DataSet& set) {
  return std::ranges::any_of(set.members, [](const dataset::Member& member) {
    return member.name == "source" && member.json == "\"carelink\"";
  });
}

bool has_device(const store::BlockSummary& summary, const Filter& filter) {
  return filter.device_id.empty() ||
         std::ranges::binary_search(summary.device_ids, filter.device_id);
}

bool has_type(const Filter& filter, std::string_view type) {
  return filter.types.empty() || std::ranges::count(filter.types, type) > 0;
}

CatalogueSet catalogue_set(const dataset::DataSet& set) {
  return {.upload_id = set.upload_id,
          .identity_set_id = std::string(dataset::identity_key(set).set_id),
          .time_ms = set.time_ms.value_or(kZeroTimeMs),
          .created_ms = set.created_ms,
          .created_order = set.created_order,
          .block_first = set.block_first,
          .is_normal = set.type == dataset::DataSet::Type::kNormal,
          .is_loopable = is_loopable(set)};
}

/// Whether the set passes the filter as an element of its own, but for the source filters.
bool is_shown(const dataset::DataSet& set, const Filter& filter) {
  const int64_t time_ms = set.time_ms.value_or(kZeroTimeMs);
  return time_ms >= filter.start_ms && time_ms <= filter.end_ms && filter.sub_types.empty() &&
         (filter.device_id.empty() || set.device_id == filter.device_id) &&
         (filter.upload_id.empty() || set.upload_id == filter.upload_id) &&
         (!filter.modified_since_ms ||
          // A set that another one truncates is deleted without being modified.
          std::max(set.modified_ms, set.deleted_ms.value_or(0)) >= *filter.modified_since_ms);
}

/// What happened to all records of the set at once.
void mark_changes(CatalogueSet& entry, const dataset::DataSet& set, const Filter& filter) {
  entry.trash_first = set.block_first;
  if (!filter.modified_since_ms) return;
  const int64_t since_ms = *filter.modified_since_ms;
  const bool is_closed_lately = set.closing && set.closing->time_ms >= since_ms;
  entry.is_new = set.restored_ms >= since_ms || (entry.is_normal && is_closed_lately);
  if (set.trash && set.trash->time_ms >= since_ms) entry.trash_first = set.trash->block_first;
}

}  // namespace

store::Result<Catalogue> Catalogue::read(std::unique_ptr<store::Reader> snapshot, Filter filter,
                                         const ReadCloudSources& cloud_sources,
                                         store::OpenedBlocks* opened) {
  Catalogue catalogue;
  catalogue.opened_ = opened;
  catalogue.snapshot_ = std::move(snapshot);
  catalogue.filter_ = std::move(filter);
  auto done = catalogue.read_rules(cloud_sources);
  if (done) done = catalogue.read_sets();
  if (done && catalogue.filter_.modified_since_ms) done = catalogue.read_masks();
  if (done) done = catalogue.read_blocks();
  if (!done) return std::unexpected(done.error());
  return catalogue;
}

/// Whether the calendar can tell what is asked for. What changed lately can be of any time, and so
/// can a set without one.
bool Catalogue::is_of_some_days() const {
  return filter_.start_ms > kZeroTimeMs && !filter_.modified_since_ms;
}

/// Only the sets of the blocks that may be shown, and those that may be shown themselves.
store::Result<void> Catalogue::read_sets() {
  const auto add = [this](const dataset::DataSet& set) { add_set(set); };
  if (!filter_.upload_id.empty()) return dataset::read_sets(*snapshot_, {filter_.upload_id}, add);
  if (!is_of_some_days()) return read_all_sets();
  auto blocks = dataset::find_blocks(*snapshot_, filter_.start_ms, filter_.end_ms);
  if (!blocks) return std::unexpected(blocks.error());
  auto ids = dataset::find_sets(*snapshot_, filter_.start_ms, filter_.end_ms);
  if (!ids) return std::unexpected(ids.error());
  if (!*blocks || !*ids) return read_all_sets();
  for (const dataset::BlockRef& block : **blocks) (*ids)->push_back(block.name.upload_id);
  std::ranges::sort(**ids);
  const auto repeated = std::ranges::unique(**ids);
  (*ids)->erase(repeated.begin(), repeated.end());
  found_blocks_ = std::move(*blocks);
  return dataset::read_sets(*snapshot_, **ids, add);
}

store::Result<void> Catalogue::read_all_sets() {
  const auto scanned = dataset::scan_sets(*snapshot_, [&](const auto& set) { add_set(set); });
  std::ranges::sort(sets_, {}, &CatalogueSet::upload_id);
  return scanned;
}

void Catalogue::add_set(const dataset::DataSet& set) {
  if (!set.active) return;
  user_id_ = set.user_id;
  CatalogueSet& entry = sets_.emplace_back(catalogue_set(set));
  mark_changes(entry, set, filter_);
  entry.is_shown = is_shown(set, filter_) && !(rules_.hides_carelink && is_carelink(set));
}

store::Result<bool> Catalogue::has_set(dataset::Trait trait, IsOne is_one) const {
  bool found = false;
  const auto scanned = dataset::scan_sets_with(*snapshot_, trait, [&](const auto& set) {
    found = is_one(set);
    return !found;
  });
  if (!scanned) return std::unexpected(scanned.error());
  return found;
}

/// A set of one's own asking is shown whatever else brought the same data.
store::Result<void> Catalogue::read_rules(const ReadCloudSources& cloud_sources) {
  if (filter_.carelink) {
    rules_.hides_carelink = !*filter_.carelink;
  } else {
    const auto is_direct = has_set(dataset::Trait::kMedtronic, is_medtronic_direct);
    if (!is_direct) return std::unexpected(is_direct.error());
    rules_.hides_carelink = *is_direct;
  }
  if (!filter_.upload_id.empty()) return {};
  const auto hides = hides_loopable();
  if (!hides) return std::unexpected(hides.error());
  rules_.hides_loopable = *hides;
  if (filter_.cbg_filter && cloud_sources) {
    const auto sources = cloud_sources(*snapshot_);
    if (!sources) return std::unexpected(sources.error());
    rules_.add_cloud(*sources);
  }
  return {};
}

store::Result<bool> Catalogue::hides_loopable() const {
  if (filter_.medtronic && *filter_.medtronic) return false;
  const auto any = has_set(dataset::Trait::kLoopable, is_loopable);
  if (!any) return std::unexpected(any.error());
  if (!*any || filter_.medtronic) return *any;
  return has_loop_data();
}

/// Whether a visible record since kLoopSinceMs says that it comes from a Medtronic pump by way of
/// an app. Their blocks are marked; the first one opened nearly always has some.
store::Result<bool> Catalogue::has_loop_data() const {
  bool found = false;
  store::Result<void> failure;
  const auto scanned =
      dataset::scan_blocks_of_medtronic(*snapshot_, [&](const dataset::BlockName& name) {
        const auto has = has_loop_data(name);
        if (!has) failure = std::unexpected(has.error());
        found = has.value_or(false);
        return has && !found;
      });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return found;
}

store::Result<bool> Catalogue::has_loop_data(const dataset::BlockName& name) const {
  const auto set = dataset::read_set(*snapshot_, name.upload_id);
  if (!set) return std::unexpected(set.error());
  // The blocks before the first one are deleted.
  if (!*set || !(*set)->active || name.number < (*set)->block_first) return false;
  const auto summary = dataset::read_summary(*snapshot_, name);
  if (!summary) return std::unexpected(summary.error());
  if (!*summary) return dataset::missing_block();
  const bool is_recent = std::ranges::any_of(
      (*summary)->types, [](const auto& range) { return range.time_last_ms >= kLoopSinceMs; });
  if (!is_recent) return false;
  const auto block = dataset::read_block(*snapshot_, name);
  if (!block) return std::unexpected(block.error());
  const auto mask = dataset::read_mask(*snapshot_, name);
  if (!mask) return std::unexpected(mask.error());
  for (uint32_t slot = 0; slot < block->count(); ++slot) {
    if ((block->flags(slot) & dataset::kFlagMedtronicOrigin) != 0 &&
        block->time_ms(slot) >= kLoopSinceMs && !mask->hides(slot)) {
      return true;
    }
  }
  return false;
}

/// The visible set of that id, or null.
const CatalogueSet* Catalogue::find_set_of(std::string_view upload_id) const {
  const auto set = std::ranges::lower_bound(sets_, upload_id, {}, &CatalogueSet::upload_id);
  return set != sets_.end() && set->upload_id == upload_id ? &*set : nullptr;
}

/// The set of a block, or null when the block is not visible.
const CatalogueSet* Catalogue::find_set(const dataset::BlockName& name) const {
  const CatalogueSet* const set = find_set_of(name.upload_id);
  // The blocks before the first one are deleted.
  return set != nullptr && name.number >= set->block_first ? set : nullptr;
}

/// Finds the visible blocks with records whose lot changed lately.
store::Result<void> Catalogue::read_masks() {
  const auto visit = [&](const dataset::BlockName& name, const dataset::Mask& mask) {
    const CatalogueSet* const set = find_set(name);
    if (set == nullptr || mask.last_changed_ms() < *filter_.modified_since_ms) return;
    removed_.push_back({.set = static_cast<uint32_t>(set - sets_.data()), .number = name.number});
  };
  const auto scanned = dataset::scan_masks(*snapshot_, visit);
  if (!scanned) return scanned;
  std::ranges::sort(removed_);
  masked_count_ = removed_.size();
  return {};
}

/// Takes in a deleted block, if it was deleted lately.
void Catalogue::add_trash(const dataset::BlockName& name) {
  const CatalogueSet* const set = find_set_of(name.upload_id);
  if (set == nullptr || name.number < set->trash_first || name.number >= set->block_first) return;
  removed_.push_back(
      {.set = static_cast<uint32_t>(set - sets_.data()), .number = name.number, .is_trash = true});
}

bool Catalogue::may_be_new(uint32_t set, const dataset::BlockRef& block) const {
  if (!filter_.modified_since_ms || sets_[set].is_new) return true;
  if (!sets_[set].is_normal && block.summary.added_last_ms >= *filter_.modified_since_ms) {
    return true;
  }
  return std::ranges::binary_search(std::span(removed_).first(masked_count_),
                                    RemovedBlock{.set = set, .number = block.name.number});
}

store::Result<void> Catalogue::read_blocks() {
  const auto consider = [this](const dataset::BlockRef& block) { consider_block(block); };
  if (!found_blocks_) return dataset::scan_summaries(*snapshot_, filter_.upload_id, consider);
  std::ranges::for_each(*found_blocks_, consider);
  found_blocks_.reset();
  return {};
}

void Catalogue::consider_block(const dataset::BlockRef& block) {
  const CatalogueSet* const set = find_set(block.name);
  if (set == nullptr) return add_trash(block.name);
  const auto index = static_cast<uint32_t>(set - sets_.data());
  if (!has_device(block.summary, filter_) || !may_be_new(index, block) ||
      !add_block(index, block)) {
    ++skipped_count_;
  }
}

/// Whether any type of the block is of interest.
bool Catalogue::add_block(uint32_t set, const dataset::BlockRef& block) {
  bool any = false;
  for (const auto& range : block.summary.types) {
    if (!has_type(filter_, range.type)) continue;
    TimeRange span{std::max(range.time_first_ms, filter_.start_ms),
                   std::min(range.time_last_ms, filter_.end_ms)};
    if (rules_.hides_loopable && sets_[set].is_loopable && is_loop_type(range.type)) {
      span.last_ms = std::min(span.last_ms, kLoopSinceMs - 1);
    }
    if (span.first_ms > span.last_ms) continue;
    if (range.type == kCbg && !rules_.is_cloud(sets_[set].upload_id) &&
        std::ranges::any_of(rules_.cloud_spans, [&](const TimeRange& hidden) {
          return hidden.contains(span.first_ms) && hidden.contains(span.last_ms);
        })) {
      continue;
    }
    blocks_.push_back(
        {.set = set, .type = type_index(range.type), .number = block.name.number, .span = span});
    any = true;
  }
  return any;
}

uint32_t Catalogue::type_index(std::string_view type) {
  const auto found = std::ranges::find(types_, type);
  const auto index = static_cast<uint32_t>(found - types_.begin());
  if (found == types_.end()) types_.emplace_back(type);
  return index;
}

}  // namespace tideway::query

#include "query/catalogue.h"

#include <algorithm>
#include <set>

namespace tideway::query {
namespace {

bool has_device(const store::BlockSummary& summary, const Filter& filter) {
  return filter.device_id.empty() ||
         std::ranges::binary_search(summary.device_ids, filter.device_id);
}

}  // namespace

const store::BlockSummary::TypeRange* find_range(const store::BlockSummary& summary,
                                                 std::string_view type, const Filter& filter) {
  const auto found = std::ranges::find(summary.types, type, &store::BlockSummary::TypeRange::type);
  const bool meets = found != summary.types.end() && found->time_first_ms <= filter.end_ms &&
                     found->time_last_ms >= filter.start_ms;
  return meets ? &*found : nullptr;
}

store::Result<Catalogue> Catalogue::read(std::unique_ptr<store::Reader> snapshot,
                                         const Filter& filter) {
  Catalogue catalogue;
  catalogue.snapshot_ = std::move(snapshot);
  const auto sets = catalogue.read_sets(filter);
  if (!sets) return std::unexpected(sets.error());
  const auto blocks = catalogue.read_blocks(filter);
  if (!blocks) return std::unexpected(blocks.error());
  return catalogue;
}

store::Result<void> Catalogue::read_sets(const Filter& filter) {
  store::Result<void> failure;
  const auto scanned =
      store::scan_prefix(*snapshot_, dataset::kDataSetPrefix, [&](auto, auto value) {
        auto set = dataset::DataSet::decode(value);
        if (!set) {
          failure = std::unexpected(set.error());
          return false;
        }
        const bool wanted = filter.upload_id.empty() || filter.upload_id == set->upload_id;
        if (set->active && wanted) {
          sets_.push_back(std::make_unique<dataset::DataSet>(std::move(*set)));
        }
        return true;
      });
  std::ranges::sort(sets_, {}, [](const auto& set) { return std::string_view(set->upload_id); });
  return scanned ? failure : scanned;
}

store::Result<void> Catalogue::read_blocks(const Filter& filter) {
  return dataset::scan_summaries(*snapshot_, filter.upload_id, [&](dataset::BlockRef block) {
    const auto set = std::ranges::lower_bound(
        sets_, std::string_view(block.name.upload_id), {},
        [](const auto& candidate) { return std::string_view(candidate->upload_id); });
    if (set == sets_.end() || (*set)->upload_id != block.name.upload_id) return;
    if (block.name.number < (*set)->block_first) return;  // deleted
    if (has_device(block.summary, filter)) blocks_.push_back({set->get(), std::move(block)});
  });
}

std::vector<std::string> Catalogue::types() const {
  std::set<std::string> names;
  for (const CatalogueBlock& entry : blocks_) {
    for (const auto& range : entry.block.summary.types) names.insert(range.type);
  }
  return {names.begin(), names.end()};
}

}  // namespace tideway::query

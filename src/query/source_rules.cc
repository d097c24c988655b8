#include "query/source_rules.h"

#include <algorithm>
#include <array>

#include "dataset/traits.h"

namespace tideway::query {
namespace {

constexpr std::array<std::string_view, 3> kLoopTypes = {"basal", "bolus", "cbg"};

}  // namespace

bool is_medtronic_direct(const dataset::DataSet& set) {
  return set.is_closed() && set.active && !set.deleted_ms && dataset::is_of_medtronic(set);
}

bool is_loopable(const dataset::DataSet& set) {
  return set.active && set.time_ms.value_or(kLoopSinceMs - 1) >= kLoopSinceMs &&
         dataset::is_of_loopable_pump(set);
}

void SourceRules::add_cloud(const std::vector<CloudSource>& sources) {
  for (const CloudSource& source : sources) {
    if (source.upload_ids.empty()) continue;
    cloud_ids.insert(cloud_ids.end(), source.upload_ids.begin(), source.upload_ids.end());
    if (source.span) cloud_spans.push_back(*source.span);
  }
  std::ranges::sort(cloud_ids);
}

bool SourceRules::is_cloud(std::string_view upload_id) const {
  return std::ranges::binary_search(cloud_ids, upload_id);
}

bool is_loop_type(std::string_view type) { return std::ranges::count(kLoopTypes, type) > 0; }

}  // namespace tideway::query

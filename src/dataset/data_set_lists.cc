// Looking through the data sets of a user.
#include <algorithm>
#include <functional>
#include <tuple>

#include "dataset/all_sets.h"
#include "dataset/data_sets.h"

namespace tideway::dataset {
namespace {

Step<std::vector<DataSet>> select(store::Store& store, std::string_view user_id,
                                  const std::function<bool(const DataSet&)>& is_wanted) {
  const auto reader = store.read(user_id);
  if (!reader) return fail(reader.error());
  std::vector<DataSet> sets;
  const auto scanned = scan_sets(**reader, [&](DataSet set) {
    if (is_wanted(set)) sets.push_back(std::move(set));
  });
  if (!scanned) return fail(scanned.error());
  return sets;
}

}  // namespace

bool SetFilter::matches(const DataSet& set) const {
  return (client_name.empty() || client_name == set.client_name) &&
         (device_id.empty() || device_id == set.device_id) &&
         (!created_first_ms || set.created_ms >= *created_first_ms) &&
         (!created_last_ms || set.created_ms <= *created_last_ms) &&
         (with_deleted || !set.deleted_ms);
}

Step<std::vector<DataSet>> DataSets::list(std::string_view user_id, const SetFilter& filter,
                                          Page page) {
  auto sets = select(store_, user_id,
                     [&](const DataSet& set) { return set.active && filter.matches(set); });
  if (!sets) return sets;
  std::ranges::sort(*sets, std::greater(), [](const DataSet& set) {
    return std::pair(set.created_ms, set.created_order);
  });
  const size_t begin = std::min(sets->size(), page.number * page.size);
  const size_t end = std::min(sets->size(), begin + page.size);
  sets->erase(sets->begin() + static_cast<ptrdiff_t>(end), sets->end());
  sets->erase(sets->begin(), sets->begin() + static_cast<ptrdiff_t>(begin));
  return sets;
}

Step<std::vector<DataSet>> DataSets::list_deleted(std::string_view user_id) {
  auto sets = select(store_, user_id, [](const DataSet& set) { return set.trash.has_value(); });
  if (!sets) return sets;
  std::ranges::sort(*sets, std::greater(), [](const DataSet& set) {
    return std::pair(set.trash->time_ms, set.created_order);
  });
  return sets;
}

}  // namespace tideway::dataset

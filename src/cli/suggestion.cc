#include "cli/suggestion.h"

#include <algorithm>
#include <vector>

namespace tideway::cli {

size_t edit_distance(std::string_view left, std::string_view right) {
  // Three rows of the table of the optimal string alignment distance.
  std::vector<size_t> before_last(right.size() + 1);
  std::vector<size_t> last(right.size() + 1);
  std::vector<size_t> row(right.size() + 1);
  for (size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= left.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= right.size(); ++j) {
      const size_t replace = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[right.size()];
}

std::optional<std::string> suggest(std::string_view name, std::span<const std::string> candidates) {
  const auto nearest = std::ranges::min_element(
      candidates, {}, [&](const std::string& candidate) { return edit_distance(name, candidate); });
  if (nearest == candidates.end()) return std::nullopt;
  // A third of the letters wrong is no slip of the finger any more.
  if (edit_distance(name, *nearest) > std::max<size_t>(1, name.size() / 3)) return std::nullopt;
  return *nearest;
}

}  // namespace tideway::cli

// The source filters of a fetch: which of several sources of the same data is shown
// (docs/spec/fetch.md 2.4).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/data_set.h"
#include "query/filter.h"
#include "store/store.h"

namespace tideway::query {

struct TimeRange {
  int64_t first_ms = 0;  ///< inclusive, as the last one
  int64_t last_ms = 0;

  bool contains(int64_t time_ms) const { return first_ms <= time_ms && time_ms <= last_ms; }
};

/// What a connection to a cloud service brought: its data sets, and the time that they span.
struct CloudSource {
  std::vector<std::string> upload_ids;
  std::optional<TimeRange> span;
};

/// Gives the cloud sources of the user whose partition is read.
using ReadCloudSources =
    std::function<store::Result<std::vector<CloudSource>>(const store::Reader&)>;

/// From then on the Loop app delivers what a Medtronic pump holds: 2017-09-01T00:00:00Z.
inline constexpr int64_t kLoopSinceMs = 1'504'224'000'000;

/// Whether this set was read from a Medtronic pump by the uploader, closed and kept.
bool is_medtronic_direct(const dataset::DataSet& set);
/// Whether this set was read from a pump that the Loop app can work with, since it exists.
bool is_loopable(const dataset::DataSet& set);

/// What is hidden, once it is known what there is. An empty one hides nothing.
struct SourceRules {
  bool hides_carelink = false;
  /// Whether basal, bolus and cbg of loopable sets are hidden from kLoopSinceMs on.
  bool hides_loopable = false;
  std::vector<std::string> cloud_ids;  ///< ascending; sets that the cloud rule never hides
  std::vector<TimeRange> cloud_spans;  ///< where it hides cbg of all other sets

  /// Takes in the cloud sources, unless the filter asks for no such rule.
  void add_cloud(const std::vector<CloudSource>& sources);
  bool is_cloud(std::string_view upload_id) const;
};

/// Whether the loopable rule is about records of this type.
bool is_loop_type(std::string_view type);

}  // namespace tideway::query

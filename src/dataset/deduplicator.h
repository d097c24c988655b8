// The deduplicators: their names, versions and how one is chosen (docs/spec/datasets.md 15.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tideway::dataset {

/// Stored as a number: never renumber.
enum class Deduplicator : uint8_t {
  kNone = 0,
  kDeviceDeactivateHash = 1,
  kDeviceTruncateDataSet = 2,
  kDataSetDeleteOrigin = 3,
  kDataSetDeleteOriginOlder = 4,
  kDataSetDropHash = 5,
};
inline constexpr size_t kDeduplicatorCount = 6;

struct Descriptor {
  Deduplicator kind;
  std::string_view name;
  std::string_view version;
  std::string_view deprecated_name;  ///< accepted too; empty when there is none
};

const Descriptor& describe(Deduplicator deduplicator);

/// The canonical names, in the order in which errors list them.
std::vector<std::string_view> deduplicator_names();

/// By canonical or deprecated name.
std::optional<Deduplicator> find_deduplicator(std::string_view name);

/// What decides when a client names no deduplicator.
struct DeviceTraits {
  bool is_normal;
  std::string_view device_id;
  std::string_view model;
  std::vector<std::string_view> manufacturers;
};
std::optional<Deduplicator> choose_deduplicator(const DeviceTraits& device);

}  // namespace tideway::dataset

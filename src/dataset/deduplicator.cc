#include "dataset/deduplicator.h"

#include <algorithm>
#include <array>

namespace tideway::dataset {
namespace {

constexpr std::array<Descriptor, kDeduplicatorCount> kDescriptors = {{
    {Deduplicator::kNone, "org.tidepool.deduplicator.none", "1.0.0", "org.tidepool.continuous"},
    {Deduplicator::kDeviceDeactivateHash, "org.tidepool.deduplicator.device.deactivate.hash",
     "1.1.0", "org.tidepool.hash-deactivate-old"},
    {Deduplicator::kDeviceTruncateDataSet, "org.tidepool.deduplicator.device.truncate.dataset",
     "1.1.0", "org.tidepool.truncate"},
    {Deduplicator::kDataSetDeleteOrigin, "org.tidepool.deduplicator.dataset.delete.origin", "1.0.0",
     "org.tidepool.continuous.origin"},
    {Deduplicator::kDataSetDeleteOriginOlder,
     "org.tidepool.deduplicator.dataset.delete.origin.older", "1.0.0", ""},
    {Deduplicator::kDataSetDropHash, "org.tidepool.deduplicator.dataset.drop.hash", "1.0.0", ""},
}};

struct Models {
  std::string_view manufacturer;
  std::vector<std::string_view> models;
};

/// Devices whose uploads repeat their whole memory, so that the hash deduplicator is chosen.
const std::vector<Models>& hashed_devices() {
  static const std::vector<Models> devices = {
      {"Abbott", {"FreeStyle Libre"}},
      {"LifeScan", {"OneTouch Ultra 2", "OneTouch UltraMini", "Verio", "Verio Flex"}},
      {"Medtronic", {"523",   "523K", "551",   "554",  "723",  "723K", "751",  "754",   "1510",
                     "1510K", "1511", "1512",  "1580", "1581", "1582", "1710", "1710K", "1711",
                     "1712",  "1714", "1714K", "1715", "1780", "1781", "1782"}},
      {"Trividia Health", {"TRUE METRIX", "TRUE METRIX AIR", "TRUE METRIX GO"}},
  };
  return devices;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_hashed(const DeviceTraits& device) {
  return std::ranges::any_of(hashed_devices(), [&](const Models& known) {
    return contains(device.manufacturers, known.manufacturer) &&
           contains(known.models, device.model);
  });
}

}  // namespace

const Descriptor& describe(Deduplicator deduplicator) {
  return kDescriptors[static_cast<size_t>(deduplicator)];
}

std::vector<std::string_view> deduplicator_names() {
  std::vector<std::string_view> names;
  for (const Descriptor& descriptor : kDescriptors) names.push_back(descriptor.name);
  return names;
}

std::optional<Deduplicator> find_deduplicator(std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (const Descriptor& descriptor : kDescriptors) {
    if (name == descriptor.name || name == descriptor.deprecated_name) return descriptor.kind;
  }
  return std::nullopt;
}

std::optional<Deduplicator> choose_deduplicator(const DeviceTraits& device) {
  if (!device.is_normal || device.device_id.empty()) return std::nullopt;
  if (is_hashed(device)) return Deduplicator::kDeviceDeactivateHash;
  if (contains(device.manufacturers, "Animas")) return Deduplicator::kDeviceTruncateDataSet;
  return std::nullopt;
}

}  // namespace tideway::dataset

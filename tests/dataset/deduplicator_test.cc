#include "dataset/deduplicator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace tideway::dataset {
namespace {

struct Row {
  Deduplicator kind;
  std::string_view name;
  std::string_view version;
  std::string_view alias;
};

// docs/spec/datasets.md 15.1
constexpr std::array<Row, kDeduplicatorCount> kRows = {{
    {Deduplicator::kDeviceDeactivateHash, "org.tidepool.deduplicator.device.deactivate.hash",
     "1.1.0", "org.tidepool.hash-deactivate-old"},
    {Deduplicator::kDeviceTruncateDataSet, "org.tidepool.deduplicator.device.truncate.dataset",
     "1.1.0", "org.tidepool.truncate"},
    {Deduplicator::kDataSetDeleteOrigin, "org.tidepool.deduplicator.dataset.delete.origin", "1.0.0",
     "org.tidepool.continuous.origin"},
    {Deduplicator::kDataSetDeleteOriginOlder,
     "org.tidepool.deduplicator.dataset.delete.origin.older", "1.0.0", ""},
    {Deduplicator::kDataSetDropHash, "org.tidepool.deduplicator.dataset.drop.hash", "1.0.0", ""},
    {Deduplicator::kNone, "org.tidepool.deduplicator.none", "1.0.0", "org.tidepool.continuous"},
}};

TEST(Deduplicator, HasTheNamesOfTheSpec) {
  for (const Row& row : kRows) {
    const Descriptor& descriptor = describe(row.kind);
    EXPECT_EQ(descriptor.kind, row.kind);
    EXPECT_EQ(descriptor.name, row.name);
    EXPECT_EQ(descriptor.version, row.version);
    EXPECT_EQ(descriptor.deprecated_name, row.alias);
  }
}

TEST(Deduplicator, IsFoundByNameAndAlias) {
  for (const Row& row : kRows) {
    EXPECT_EQ(find_deduplicator(row.name), row.kind);
    if (row.alias.empty()) continue;
    EXPECT_EQ(find_deduplicator(row.alias), row.kind);
  }
  for (const auto name : {"", "org.tidepool", "none", "org.tidepool.deduplicator.NONE",
                          "org.tidepool.deduplicator.none "}) {
    EXPECT_EQ(find_deduplicator(name), std::nullopt) << name;
  }
}

// They are stored: renumbering would change what old data means.
TEST(Deduplicator, KeepsItsNumbers) {
  EXPECT_EQ(static_cast<int>(Deduplicator::kNone), 0);
  EXPECT_EQ(static_cast<int>(Deduplicator::kDeviceDeactivateHash), 1);
  EXPECT_EQ(static_cast<int>(Deduplicator::kDeviceTruncateDataSet), 2);
  EXPECT_EQ(static_cast<int>(Deduplicator::kDataSetDeleteOrigin), 3);
  EXPECT_EQ(static_cast<int>(Deduplicator::kDataSetDeleteOriginOlder), 4);
  EXPECT_EQ(static_cast<int>(Deduplicator::kDataSetDropHash), 5);
}

TEST(DeduplicatorNames, AreTheCanonicalOnes) {
  std::vector<std::string_view> names = deduplicator_names();
  std::vector<std::string_view> expected;
  for (const Row& row : kRows) expected.push_back(row.name);
  EXPECT_TRUE(std::ranges::is_permutation(names, expected));
}

std::optional<Deduplicator> choose(std::string_view manufacturer, std::string_view model) {
  return choose_deduplicator(
      {.is_normal = true, .device_id = "D1", .model = model, .manufacturers = {manufacturer}});
}

TEST(ChooseDeduplicator, TakesTheHashForDevicesThatRepeatThemselves) {
  const struct {
    std::string_view manufacturer;
    std::vector<std::string_view> models;
  } rows[] = {
      {"Abbott", {"FreeStyle Libre"}},
      {"LifeScan", {"OneTouch Ultra 2", "OneTouch UltraMini", "Verio", "Verio Flex"}},
      {"Medtronic", {"523",   "523K", "551",   "554",  "723",  "723K", "751",  "754",   "1510",
                     "1510K", "1511", "1512",  "1580", "1581", "1582", "1710", "1710K", "1711",
                     "1712",  "1714", "1714K", "1715", "1780", "1781", "1782"}},
      {"Trividia Health", {"TRUE METRIX", "TRUE METRIX AIR", "TRUE METRIX GO"}},
  };
  for (const auto& row : rows) {
    for (const auto model : row.models) {
      EXPECT_EQ(choose(row.manufacturer, model), Deduplicator::kDeviceDeactivateHash) << model;
    }
  }
}

TEST(ChooseDeduplicator, TakesNothingElse) {
  EXPECT_EQ(choose("Abbott", "FreeStyle Libre 2"), std::nullopt);
  EXPECT_EQ(choose("Abbott", "523"), std::nullopt);
  EXPECT_EQ(choose("abbott", "FreeStyle Libre"), std::nullopt);
  EXPECT_EQ(choose("Medtronic", ""), std::nullopt);
  EXPECT_EQ(choose("Insulet", "Eros"), std::nullopt);
}

TEST(ChooseDeduplicator, TruncatesForAnimas) {
  EXPECT_EQ(choose("Animas", "Vibe"), Deduplicator::kDeviceTruncateDataSet);
  EXPECT_EQ(choose("Animas", ""), Deduplicator::kDeviceTruncateDataSet);
  EXPECT_EQ(choose("animas", "Vibe"), std::nullopt);
}

TEST(ChooseDeduplicator, LooksAtEveryManufacturer) {
  DeviceTraits device{.is_normal = true,
                      .device_id = "D1",
                      .model = "523",
                      .manufacturers = {"Other", "Animas", "Medtronic"}};
  // The hash comes first in the order of the table.
  EXPECT_EQ(choose_deduplicator(device), Deduplicator::kDeviceDeactivateHash);
  device.manufacturers.pop_back();
  EXPECT_EQ(choose_deduplicator(device), Deduplicator::kDeviceTruncateDataSet);
  device.manufacturers.clear();
  EXPECT_EQ(choose_deduplicator(device), std::nullopt);
}

TEST(ChooseDeduplicator, NeedsANormalSetWithADevice) {
  const DeviceTraits device{
      .is_normal = true, .device_id = "D1", .model = "523", .manufacturers = {"Medtronic"}};
  DeviceTraits continuous = device;
  continuous.is_normal = false;
  DeviceTraits nameless = device;
  nameless.device_id = "";
  EXPECT_EQ(choose_deduplicator(device), Deduplicator::kDeviceDeactivateHash);
  EXPECT_EQ(choose_deduplicator(continuous), std::nullopt);
  EXPECT_EQ(choose_deduplicator(nameless), std::nullopt);
}

}  // namespace
}  // namespace tideway::dataset

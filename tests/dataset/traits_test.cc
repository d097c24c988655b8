#include "dataset/traits.h"

#include <gtest/gtest.h>

#include "dataset/keys.h"
#include "dataset/record_flags.h"
#include "tests/dataset/data_sets_fixture.h"

namespace tideway::dataset {
namespace {

class Traits : public DataSetsFixture {
 protected:
  Names with(Trait trait) {
    Names ids;
    EXPECT_TRUE(scan_sets_with(**store_.read(kUser), trait, [&](const DataSet& set) {
      ids.push_back(set.upload_id);
      return true;
    }));
    return ids;
  }

  Names blocks_of_medtronic() {
    Names ids;
    EXPECT_TRUE(scan_blocks_of_medtronic(**store_.read(kUser), [&](const BlockName& name) {
      ids.push_back(fmt::format("{} {}", name.upload_id, name.number));
      return true;
    }));
    return ids;
  }

  static std::string of_medtronic(std::string_view name) {
    std::string record = smbg(name, 0);
    record.pop_back();
    return record + R"(,"origin":{"payload":{"device":{"manufacturer":"Medtronic"}}}})";
  }
};

TEST_F(Traits, AreThoseOfNewSets) {
  EXPECT_TRUE(with(Trait::kMedtronic).empty());
  DataSet pump = new_set(Deduplicator::kNone);
  pump.device_manufacturers = {"Acme", "Medtronic"};
  pump.device_model = "723";
  const std::string pump_id = sets_->create(pump)->upload_id;
  const std::string memory_id = create(Deduplicator::kDeviceDeactivateHash);
  const std::string continuous_id = create(Deduplicator::kDeviceDeactivateHash, kContinuous);
  EXPECT_EQ(with(Trait::kMedtronic), Names{pump_id});
  EXPECT_EQ(with(Trait::kLoopable), Names{pump_id});
  EXPECT_EQ(with(Trait::kContinuousByHash), Names{continuous_id});
}

TEST_F(Traits, FollowAnUpdate) {
  const std::string id = create(Deduplicator::kNone);
  DataSetUpdate update;
  update.device_model = "554";
  ASSERT_TRUE(sets_->update(kUser, id, update, kUser, kNoonMs));
  EXPECT_EQ(with(Trait::kLoopable), Names{id});
}

TEST_F(Traits, MarkTheBlocksOfAMedtronicPumpAsLongAsTheyHoldItsRecords) {
  const std::string id = create(Deduplicator::kNone, kContinuous);
  add(id, smbg("a", 1));
  EXPECT_TRUE(blocks_of_medtronic().empty());
  add(id, of_medtronic("b"));
  EXPECT_EQ(blocks_of_medtronic(), Names{id + " 0"});
  const Selection selection{Selection::Key::kId, {id_of("b")}};
  ASSERT_TRUE(sets_->remove(kUser, id, selection, kNoonMs));
  EXPECT_TRUE(blocks_of_medtronic().empty());
}

TEST_F(Traits, AreErasedWithEverything) {
  DataSet pump = new_set(Deduplicator::kDeviceDeactivateHash);
  pump.device_manufacturers = {"Medtronic"};
  const std::string id = sets_->create(pump)->upload_id;
  add(id, of_medtronic("a"));
  ASSERT_TRUE(sets_->close(kUser, id, kUser, kNoonMs));
  ASSERT_TRUE(sets_->erase_all(kUser));
  EXPECT_TRUE(store_.entries(kUser).empty());
}

}  // namespace
}  // namespace tideway::dataset

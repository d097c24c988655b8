// Data sets of one user in a store in memory, filled with few words.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/data_sets.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {

using Names = std::vector<std::string>;

inline constexpr auto kContinuous = DataSet::Type::kContinuous;

class DataSetsFixture : public testing::Test {
 protected:
  /// The id of a new set.
  std::string create(Deduplicator deduplicator, DataSet::Type type = DataSet::Type::kNormal,
                     std::string_view device_id = "D1") {
    return sets_->create(new_set(deduplicator, device_id, type)).value().upload_id;
  }

  /// Each addition is a millisecond after the one before.
  void add(const std::string& id, const std::string& records) {
    const SampleBatch batch('[' + records + ']');
    EXPECT_TRUE(sets_->add(kUser, id, batch.batch(), new_chunk(), ++now_ms_));
  }

  store::MemoryStore store_;
  std::unique_ptr<DataSets> sets_ = DataSets::open(store_).value();
  int64_t now_ms_ = kNoonMs;
};

}  // namespace tideway::dataset

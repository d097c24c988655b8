// Space comes back: what is superseded, deleted or erased leaves the disk (docs/architecture.md).
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "dataset/data_sets.h"
#include "dataset/sweep.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/dataset/samples.h"
#include "tests/store/temporary_directory.h"

namespace tideway::dataset {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
constexpr size_t kChunks = 12;
constexpr size_t kChunkRecords = 300;

class Space : public testing::Test {
 protected:
  Space() : store_(store::RocksDbStore::open(directory_.store_path()).value()) {
    sets_ = DataSets::open(*store_).value();
  }

  /// Records that hardly compress, the same in each round but for that.
  void fill(const std::string& id, const char* origin) {
    for (size_t chunk = 0; chunk < kChunks; ++chunk) {
      std::string body = "[";
      for (size_t i = 0; i < kChunkRecords; ++i) {
        const size_t number = chunk * kChunkRecords + i;
        body += fmt::format(R"({}{{"type":"food","deviceId":"D1","time":"2024-05-01T{:02}:{:02}:)"
                            R"({:02}Z","payload":{{"noise":"{:016x}{:016x}{:016x}{:016x}"}})",
                            i == 0 ? "" : ",", number / 3600, number / 60 % 60, number % 60,
                            random_(), random_(), random_(), random_());
        body += fmt::format(R"(,"origin":{{"id":"{}{}"}}}})", origin, number);
      }
      const SampleBatch records(body + ']');
      ASSERT_TRUE(sets_->add(kUser, id, records.batch(), new_chunk(), now_ms_));
    }
  }

  std::string open_set(Deduplicator deduplicator) {
    return sets_->create(new_set(deduplicator, "D1", DataSet::Type::kContinuous))->upload_id;
  }

  /// Until then it is remembered which records went, for clients that keep a copy.
  void wait_a_month() {
    now_ms_ += 31 * kDayMs;
    sweep_now();
    ASSERT_TRUE(store_->reclaim(kUser));
  }

  void sweep_now(const SweepLimits& limits = {}) {
    ASSERT_TRUE(sweep(*store_, limits, now_ms_, [] { return false; }));
  }

  /// What the tables take; the log is cut when they are written.
  uint64_t bytes() {
    EXPECT_TRUE(store_->flush());
    uint64_t total = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory_.store_path())) {
      if (file.path().extension() == ".sst") total += file.file_size();
    }
    return total;
  }

  store::TemporaryDirectory directory_;
  std::mt19937_64 random_{20'240'501};
  std::unique_ptr<store::RocksDbStore> store_;
  std::unique_ptr<DataSets> sets_;
  int64_t now_ms_ = kNoonMs;
};

TEST_F(Space, OfADeletedSetComesBackWhenItCanNoLongerBeRestored) {
  const std::string id = open_set(Deduplicator::kNone);
  ASSERT_NO_FATAL_FAILURE(fill(id, "o"));
  const uint64_t full = bytes();
  ASSERT_GT(full, kChunks * kChunkRecords * 32);
  ASSERT_TRUE(sets_->remove_set(kUser, id, now_ms_));
  now_ms_ += 29 * kDayMs;
  sweep_now();
  EXPECT_GE(bytes(), full);
  EXPECT_TRUE(sets_->find(id)->trash);
  now_ms_ += 2 * kDayMs;
  sweep_now();
  EXPECT_FALSE(sets_->find(id)->trash);
  EXPECT_LT(bytes(), full / 20);
}

TEST_F(Space, OfErasedDataComesBackAtOnce) {
  ASSERT_NO_FATAL_FAILURE(fill(open_set(Deduplicator::kNone), "o"));
  const uint64_t full = bytes();
  ASSERT_TRUE(sets_->erase_all(kUser));
  EXPECT_LT(bytes(), full / 20);
}

TEST_F(Space, OfReplacedRecordsComesBack) {
  const std::string id = open_set(Deduplicator::kDataSetDeleteOrigin);
  ASSERT_NO_FATAL_FAILURE(fill(id, "o"));
  ASSERT_TRUE(store_->reclaim(kUser));
  const uint64_t once = bytes();
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(fill(id, "o"));
  ASSERT_NO_FATAL_FAILURE(wait_a_month());
  EXPECT_EQ(visible(*store_).size(), kChunks * kChunkRecords);
  EXPECT_LT(bytes(), once * 3 / 2) << "four times as much was stored";
}

TEST_F(Space, OfADeviceThatIsTruncatedComesBack) {
  const std::string id = open_set(Deduplicator::kNone);
  ASSERT_NO_FATAL_FAILURE(fill(id, "o"));
  const uint64_t full = bytes();
  const std::string next = sets_->create(new_set(Deduplicator::kDeviceTruncateDataSet))->upload_id;
  ASSERT_TRUE(sets_->close(kUser, next, kUser, now_ms_));
  ASSERT_NO_FATAL_FAILURE(wait_a_month());
  EXPECT_LT(bytes(), full / 20);
}

TEST_F(Space, OfSupersededRecordsComesBackOnlyWhenThatIsAskedFor) {
  const auto upload_backlog = [&] {
    random_.seed(1);  // the same records each time
    const DataSet set = new_set(Deduplicator::kDeviceDeactivateHash);
    const std::string id = sets_->create(set)->upload_id;
    fill(id, "o");
    ASSERT_TRUE(sets_->close(kUser, id, kUser, now_ms_));
  };
  ASSERT_NO_FATAL_FAILURE(upload_backlog());
  const uint64_t once = bytes();
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(upload_backlog());
  ASSERT_EQ(visible(*store_).size(), kChunks * kChunkRecords);
  ASSERT_NO_FATAL_FAILURE(wait_a_month());
  EXPECT_GT(bytes(), once * 3) << "deleting the last set would bring them back";
  sweep_now({.superseded_kept_ms = 30 * kDayMs});
  EXPECT_EQ(visible(*store_).size(), kChunks * kChunkRecords);
  EXPECT_LT(bytes(), once * 3 / 2);
}

}  // namespace
}  // namespace tideway::dataset

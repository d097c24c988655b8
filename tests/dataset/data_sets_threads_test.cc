// Data sets under many threads: steps of one user are atomic, whatever runs beside them.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "dataset/data_sets.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {
namespace {

constexpr int kThreads = 8;

TEST(DataSetsThreads, NothingIsAddedBehindAClose) {
  store::MemoryStore store;
  const auto sets = DataSets::open(store).value();
  const std::string id = sets->create(new_set(Deduplicator::kNone))->upload_id;
  const SampleBatch records('[' + smbg("a", 0) + ']');

  std::atomic<uint32_t> added = 0;
  std::atomic<bool> closed = false;
  std::atomic<int> added_late = 0;
  std::latch some_added(kThreads - 1);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads - 1; ++i) {
      threads.emplace_back([&] {
        for (bool first = true;; first = false) {
          const bool late = closed;
          const auto step = sets->add(kUser, id, records.batch(), new_chunk(), kNoonMs);
          if (step) ++added;
          if (step && late) ++added_late;
          if (first) some_added.count_down();
          if (!step) {
            EXPECT_EQ(step.error().kind, StepError::Kind::kClosed);
            return;
          }
        }
      });
    }
    threads.emplace_back([&] {
      some_added.wait();
      EXPECT_TRUE(sets->close(kUser, id, "", kNoonMs));
      closed = true;
    });
  }
  EXPECT_GE(added, uint32_t{kThreads - 1});
  EXPECT_EQ(added_late, 0);
  EXPECT_EQ(sets->find(id)->record_count, added);
  EXPECT_EQ(visible(store).size(), added);
}

TEST(DataSetsThreads, OnlyOneClosesASet) {
  store::MemoryStore store;
  const auto sets = DataSets::open(store).value();
  const std::string id = sets->create(new_set(Deduplicator::kNone))->upload_id;
  std::atomic<int> closed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        closed += sets->close(kUser, id, "user " + std::to_string(i), kNoonMs).has_value();
      });
    }
  }
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(sets->find(id)->revision, 3U);
}

TEST(DataSetsThreads, OnlyOneUserGetsAnId) {
  store::MemoryStore store;
  const auto sets = DataSets::open(store).value();
  std::atomic<int> made = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        DataSet set = new_set(Deduplicator::kNone);
        set.user_id = fmt::format("{:010x}", i);
        set.upload_id = "upid_0123456789ab";
        made += sets->create(std::move(set)).has_value();
      });
    }
  }
  EXPECT_EQ(made, 1);
}

// Each upload repeats the same records, so at any instant exactly one copy of each may be seen.
TEST(DataSetsThreads, ReadersSeeAllOfACloseOrNothing) {
  store::MemoryStore store;
  const auto sets = DataSets::open(store).value();
  constexpr int kRecords = 20;
  std::string body;
  for (int i = 0; i < kRecords; ++i) {
    body += (i == 0 ? '[' : ',') + smbg(fmt::format("r{}x", i), i);
  }
  body += ']';
  const auto upload = [&] {
    const SampleBatch records(body);
    const std::string id = sets->create(new_set(Deduplicator::kDeviceDeactivateHash))->upload_id;
    EXPECT_TRUE(sets->add(kUser, id, records.batch(), new_chunk(), kNoonMs));
    EXPECT_TRUE(sets->close(kUser, id, "", kNoonMs));
  };
  upload();
  const auto expected = visible(store);
  ASSERT_EQ(expected.size(), size_t{kRecords});

  std::atomic<int> uploading = kThreads / 2;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads / 2; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 5; ++n) upload();
      --uploading;
    });
    threads.emplace_back([&] {
      do {
        EXPECT_EQ(visible(store), expected);
      } while (uploading > 0);
    });
  }
  threads.clear();
  EXPECT_EQ(visible(store), expected);
}

}  // namespace
}  // namespace tideway::dataset

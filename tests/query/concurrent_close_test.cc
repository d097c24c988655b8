// Readers while a writer supersedes what they read, on a real disk: each sees one instant.
#include <atomic>
#include <set>
#include <thread>

#include "tests/query/fixture.h"
#include "tests/store/rocksdb_home.h"

namespace tideway::query {
namespace {

constexpr int kRecords = 300;
constexpr int kCloses = 25;

/// How many records an answer has, and of how many sets.
std::pair<size_t, size_t> count(const std::string& answer) {
  constexpr std::string_view kKey = R"("uploadId":")";
  std::set<std::string> upload_ids;
  size_t records = 0;
  for (size_t at = 0; (at = answer.find(kKey, at)) != std::string::npos; ++records) {
    at += kKey.size();
    upload_ids.insert(answer.substr(at, 32));
  }
  return {records, upload_ids.size()};
}

TEST(ConcurrentClose, EveryFetchSeesAllOfOneSet) {
  store::RocksDbHome home;
  const auto store = home.open();
  const auto sets = dataset::DataSets::open(*store).value();
  const auto upload = [&] {
    const std::string id =
        sets->create(new_set(Deduplicator::kDeviceDeactivateHash)).value().upload_id;
    const dataset::SampleBatch records(dataset::many_smbg(kRecords));
    EXPECT_TRUE(sets->add(kUser, id, records.batch(), dataset::new_chunk(), kNoonMs));
    EXPECT_TRUE(sets->close(kUser, id, kUser, kNoonMs));
  };
  upload();

  std::atomic<bool> done = false;
  std::atomic<int> fetches = 0;
  const auto read = [&] {
    Filter filter;
    filter.types = {"smbg"};
    while (!done || fetches < 10) {
      const auto fetch = Fetch::open(*store, kUser, filter, sets->id_cipher()).value();
      std::string answer;
      // In between the writer may do what it likes.
      while (fetch->next(answer).value()) std::this_thread::yield();
      ASSERT_EQ(count(answer), std::pair(size_t{kRecords}, size_t{1}));
      ++fetches;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 0; i < kCloses; ++i) upload();
  done = true;
  first.join();
  second.join();
  EXPECT_GE(fetches, 10);
}

}  // namespace
}  // namespace tideway::query

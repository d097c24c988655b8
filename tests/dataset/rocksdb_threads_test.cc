// 32 clients at once on a real store, half of them on one user: each user's history is one after
// the other, in an order that agrees with the clock, and no reader sees half of a step.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "dataset/data_sets.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/dataset/samples.h"
#include "tests/store/temporary_directory.h"

namespace tideway::dataset {
namespace {

constexpr int kClients = 32;
constexpr int kOnOneUser = 16;
constexpr int kReaders = 4;
constexpr int kRounds = 3;
constexpr int kRecords = 20;

/// A close as its client saw it: between two ticks of a clock that all share.
struct Close {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint32_t order = 0;
};

/// What a snapshot shows: the sets that records which count belong to, and how many count.
struct Sight {
  std::set<std::string> sets;
  size_t records = 0;
};

Sight look(const store::Reader& reader) {
  Sight sight;
  const auto scanned = scan_summaries(reader, {}, [&](const BlockRef& ref) {
    const auto set = DataSet::decode(**reader.get(data_set_key(ref.name.upload_id)));
    if (!set->active || ref.name.number < set->block_first) return;
    const auto mask = read_mask(reader, ref.name);
    const uint32_t counting = ref.summary.count - mask->hidden_count();
    if (counting > 0) sight.sets.insert(set->upload_id);
    sight.records += counting;
  });
  EXPECT_TRUE(scanned);
  return sight;
}

class RocksDbThreads : public testing::Test {
 protected:
  RocksDbThreads() {
    for (int i = 0; i < kRecords; ++i) {
      body_ += (i == 0 ? '[' : ',') + smbg(fmt::format("r{}x", i), i);
    }
    body_ += ']';
  }

  /// Uploads the same records in a set of its own, and so supersedes all that were before.
  Close upload(const std::string& user_id) {
    const SampleBatch records(body_);
    DataSet set = new_set(Deduplicator::kDeviceDeactivateHash);
    set.user_id = user_id;
    const std::string id = sets_->create(std::move(set)).value().upload_id;
    EXPECT_TRUE(sets_->add(user_id, id, records.batch(), new_chunk(), kNoonMs));
    Close close;
    close.begin = ++clock_;
    const auto closed = sets_->close(user_id, id, "", kNoonMs);
    close.end = ++clock_;
    EXPECT_TRUE(closed);
    if (closed) close.order = closed->closing->order;
    return close;
  }

  void expect_one_history(std::vector<Close> closes) {
    std::ranges::sort(closes, {}, &Close::order);
    for (size_t i = 1; i < closes.size(); ++i) {
      EXPECT_GT(closes[i].order, closes[i - 1].order);
      for (size_t before = 0; before < i; ++before) {
        EXPECT_GT(closes[i].end, closes[before].begin) << "closed earlier, but counted as later";
      }
    }
  }

  /// Every snapshot shows one whole upload.
  void expect_whole(const std::string& user_id) {
    const auto sight = look(**store_->read(user_id));
    EXPECT_EQ(sight.records, size_t{kRecords});
    EXPECT_EQ(sight.sets.size(), 1U);
  }

  store::TemporaryDirectory directory_;
  std::unique_ptr<store::RocksDbStore> store_ =
      store::RocksDbStore::open(directory_.store_path()).value();
  std::unique_ptr<DataSets> sets_ = DataSets::open(*store_).value();
  std::string body_;
  std::atomic<uint64_t> clock_ = 0;
};

TEST_F(RocksDbThreads, EachUsersHistoryIsSerialisableAndSeenWhole) {
  const std::string shared = "00000000ff";
  upload(shared);
  std::mutex mutex;
  std::map<std::string, std::vector<Close>> closes;
  std::atomic<int> writing = kClients;
  std::vector<std::jthread> threads;
  for (int client = 0; client < kClients; ++client) {
    threads.emplace_back([&, client] {
      const std::string user = client < kOnOneUser ? shared : fmt::format("{:010x}", client);
      for (int round = 0; round < kRounds; ++round) {
        const Close close = upload(user);
        const std::scoped_lock lock(mutex);
        closes[user].push_back(close);
      }
      --writing;
    });
  }
  for (int reader = 0; reader < kReaders; ++reader) {
    threads.emplace_back([&] {
      do {
        expect_whole(shared);
      } while (writing > 0);
    });
  }
  threads.clear();
  EXPECT_EQ(closes.size(), size_t{kClients - kOnOneUser + 1});
  for (const auto& [user, of_user] : closes) {
    expect_one_history(of_user);
    expect_whole(user);
  }
}

// A record with an origin id is replaced by each client again and again: one of them stays, and
// every snapshot shows exactly one.
TEST_F(RocksDbThreads, OneRecordOfAnOriginIsSeen) {
  DataSet set = new_set(Deduplicator::kDataSetDeleteOrigin, "D1", DataSet::Type::kContinuous);
  const std::string id = sets_->create(std::move(set)).value().upload_id;
  std::atomic<int> next = 0;
  const auto replace = [&] {
    const SampleBatch records(
        fmt::format(R"([{{"type":"food","time":"2024-05-01T12:00:00Z","deviceId":"D1",)"
                    R"("origin":{{"id":"o"}},"payload":{{"n":{}}}}}])",
                    ++next));
    EXPECT_TRUE(sets_->add(kUser, id, records.batch(), new_chunk(), kNoonMs));
  };
  replace();
  std::atomic<int> writing = kClients;
  std::vector<std::jthread> threads;
  for (int client = 0; client < kClients; ++client) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) replace();
      --writing;
    });
  }
  threads.emplace_back([&] {
    do {
      EXPECT_EQ(look(**store_->read(kUser)).records, 1U);
    } while (writing > 0);
  });
  threads.clear();
  EXPECT_EQ(look(**store_->read(kUser)).records, 1U);
}

}  // namespace
}  // namespace tideway::dataset

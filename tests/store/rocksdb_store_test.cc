#include "store/rocksdb/rocksdb_store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <latch>
#include <string>
#include <thread>

#include "tests/store/rocksdb_home.h"

namespace tideway::store {
namespace {

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreSuite, testing::Values(StoreMaker{[] {
                           return std::make_unique<RocksDbHome>();
                         }}));

std::unique_ptr<RocksDbStore> open_or_fail(const std::string& directory) {
  auto store = RocksDbStore::open(directory);
  EXPECT_TRUE(store.has_value()) << store.error().message;
  return store ? *std::move(store) : nullptr;
}

Error::Kind open_error(const std::string& directory, std::string* message = nullptr) {
  const auto store = RocksDbStore::open(directory);
  EXPECT_FALSE(store.has_value());
  if (store) return {};
  if (message != nullptr) *message = store.error().message;
  return store.error().kind;
}

/// Runs `change` on the database below a closed store.
void with_database(const std::string& directory,
                   const std::function<rocksdb::Status(rocksdb::DB&)>& change) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, directory, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  ASSERT_TRUE(change(*db).ok());
}

TEST(RocksDbStoreTest, MakesAPrivateDirectoryAndItsParents) {
  const TemporaryDirectory temporary;
  const std::string directory = temporary.store_path() + "/with/parents/";
  ASSERT_NE(open_or_fail(directory), nullptr);
  struct stat status;
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST(RocksDbStoreTest, CannotOpenWhereThereIsAFile) {
  const TemporaryDirectory temporary;
  ASSERT_EQ(::close(::creat(temporary.store_path().c_str(), 0600)), 0);
  EXPECT_EQ(open_error(temporary.store_path()), Error::Kind::kUnavailable);
  EXPECT_EQ(open_error(temporary.store_path() + "/below"), Error::Kind::kUnavailable);
}

TEST(RocksDbStoreTest, IsLockedWhileOpen) {
  const TemporaryDirectory temporary;
  auto store = open_or_fail(temporary.store_path());
  EXPECT_EQ(open_error(temporary.store_path()), Error::Kind::kLocked);
  store.reset();
  EXPECT_NE(open_or_fail(temporary.store_path()), nullptr);
}

bool has_table_file(const std::string& directory) {
  return std::ranges::any_of(std::filesystem::directory_iterator(directory),
                             [](const auto& entry) { return entry.path().extension() == ".sst"; });
}

/// Whether what was put went into a table file, within a while, when the buffers take so much.
bool writes_buffers_out(const RocksDbSettings& settings, std::chrono::seconds patience) {
  const TemporaryDirectory temporary;
  const auto store = RocksDbStore::open(temporary.store_path(), settings).value();
  const std::string value(size_t{1} << 20, 'v');
  for (int i = 0; i < 12; ++i) {
    const auto put = [&](Transaction& transaction) -> Result<Outcome> {
      transaction.put(std::to_string(i), value);
      return Outcome::kCommit;
    };
    EXPECT_TRUE(store->update("u", put).has_value());
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  bool found = has_table_file(temporary.store_path());
  for (; !found && std::chrono::steady_clock::now() < end;
       found = has_table_file(temporary.store_path())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return found;
}

TEST(RocksDbStoreTest, KeepsInBuffersWhatTheSettingSays) {
  EXPECT_TRUE(
      writes_buffers_out({.write_buffers_bytes_max = size_t{16} << 20}, std::chrono::seconds(30)));
  EXPECT_FALSE(
      writes_buffers_out({.write_buffers_bytes_max = size_t{64} << 20}, std::chrono::seconds(1)));
}

TEST(RocksDbStoreTest, RefusesAnOlderAndANewerFormat) {
  for (const std::string format : {"6", "8"}) {
    const TemporaryDirectory temporary;
    open_or_fail(temporary.store_path()).reset();
    with_database(temporary.store_path(), [&](rocksdb::DB& db) {
      return db.Put({}, rocksdb::Slice("\0format", 7), format);
    });
    std::string message;
    EXPECT_EQ(open_error(temporary.store_path(), &message), Error::Kind::kVersion);
    EXPECT_NE(message.find("store format " + format), std::string::npos) << message;
    EXPECT_NE(message.find("reads format 7"), std::string::npos) << message;
  }
}

TEST(RocksDbStoreTest, RefusesADatabaseThatIsNotItsOwn) {
  const TemporaryDirectory temporary;
  ASSERT_EQ(::mkdir(temporary.store_path().c_str(), 0700), 0);
  with_database(temporary.store_path(),
                [](rocksdb::DB& db) { return db.Put({}, "somebody's", "data"); });
  EXPECT_EQ(open_error(temporary.store_path()), Error::Kind::kVersion);
}

TEST(RocksDbStoreTest, ConcurrentCommitsShareSyncs) {
  constexpr int kThreads = 16;
  constexpr int kCommitsPerThread = 25;
  const TemporaryDirectory temporary;
  const auto store = open_or_fail(temporary.store_path());
  const uint64_t syncs_before = store->log_sync_count();
  std::latch all_ready(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        all_ready.arrive_and_wait();
        for (int i = 0; i < kCommitsPerThread; ++i) {
          const auto done = store->update("user" + std::to_string(thread), [&](Transaction& t) {
            t.put(std::to_string(i), "value");
            return Outcome::kCommit;
          });
          EXPECT_TRUE(done.has_value());
        }
      });
    }
  }
  const uint64_t syncs = store->log_sync_count() - syncs_before;
  EXPECT_GE(syncs, static_cast<uint64_t>(kCommitsPerThread));  // a thread has one commit at a time
  EXPECT_LT(syncs, static_cast<uint64_t>(kThreads * kCommitsPerThread));
}

TEST(RocksDbStoreTest, EveryCommitOfOneThreadIsSynced) {
  const TemporaryDirectory temporary;
  const auto store = open_or_fail(temporary.store_path());
  const uint64_t before = store->log_sync_count();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store
                    ->update("u",
                             [](Transaction& transaction) {
                               transaction.put("key", "value");
                               return Outcome::kCommit;
                             })
                    .has_value());
  }
  EXPECT_EQ(store->log_sync_count() - before, 10u);
}

TEST(RocksDbStoreTest, ReadsFromTableFilesAfterFlush) {
  const TemporaryDirectory temporary;
  const auto store = open_or_fail(temporary.store_path());
  ASSERT_TRUE(store
                  ->update("u",
                           [](Transaction& transaction) {
                             transaction.put("key", "value");
                             return Outcome::kCommit;
                           })
                  .has_value());
  ASSERT_TRUE(store->flush().has_value());
  EXPECT_EQ((*store->read("u"))->get("key").value(), "value");
}

}  // namespace
}  // namespace tideway::store

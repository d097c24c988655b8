// What remains of a store after its disk failed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/fault_file_system.h"
#include "tests/store/temporary_directory.h"

namespace tideway::store {
namespace {

using Fault = FaultFileSystem::Fault;
using testing::ElementsAre;

class RocksDbFaultTest : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void TearDown() override { store_.reset(); }

  void open() {
    auto opened = RocksDbStore::open(directory_.store_path(), {.env = env_.get()});
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = *std::move(opened);
  }

  /// As when the machine loses power at this moment: the destructor writes nothing more, and what
  /// was never synced is gone.
  void cut_power_and_reopen() {
    files_->set_fault(Fault::kPowerIsOff);
    store_.reset();
    files_->lose_unsynced();
    files_->set_fault(Fault::kNone);
    open();
  }

  /// A commit of two keys, so that half of it would show.
  Result<void> commit(const std::string& name, size_t value_size_bytes = 100) {
    return store_->update("u", [&](Transaction& transaction) {
      transaction.put(name + "/1", std::string(value_size_bytes, 'x'));
      transaction.put(name + "/2", std::string(value_size_bytes, 'y'));
      return Outcome::kCommit;
    });
  }

  std::vector<std::string> keys() {
    std::vector<std::string> found;
    const auto reader = store_->read("u");
    EXPECT_TRUE(reader.has_value());
    const auto done = (*reader)->scan({}, {}, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    });
    EXPECT_TRUE(done.has_value());
    return found;
  }

  TemporaryDirectory directory_;
  std::shared_ptr<FaultFileSystem> files_ = std::make_shared<FaultFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(files_);
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(RocksDbFaultTest, ALaterUpdateSaysThatItFailed) {
  files_->set_fault(Fault::kSyncFails);
  const auto commit = store_->update_later("u", [](Transaction& transaction) {
    transaction.put("key", "value");
    return Outcome::kCommit;
  });
  ASSERT_TRUE(commit.has_value());
  EXPECT_FALSE((*commit)->wait().has_value());
  EXPECT_THAT(keys(), ElementsAre());
}

TEST_F(RocksDbFaultTest, PowerCutLosesNoCommit) {
  std::vector<std::string> expected;
  for (const std::string name : {"a", "b", "c"}) {
    ASSERT_TRUE(commit(name).has_value());
    expected.push_back(name + "/1");
    expected.push_back(name + "/2");
    cut_power_and_reopen();
    EXPECT_EQ(keys(), expected);
  }
}

TEST_F(RocksDbFaultTest, PowerCutAfterFlushLosesNoCommit) {
  ASSERT_TRUE(commit("a", 200'000).has_value());
  ASSERT_TRUE(store_->flush().has_value());
  ASSERT_TRUE(commit("b").has_value());
  cut_power_and_reopen();
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2", "b/1", "b/2"));
}

TEST_F(RocksDbFaultTest, FullDiskRefusesWritesAndStillReads) {
  ASSERT_TRUE(commit("a").has_value());
  files_->set_fault(Fault::kNoSpace);
  for (int i = 0; i < 3; ++i) {
    const auto refused = commit("b");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, Error::Kind::kUnavailable);
    EXPECT_THAT(keys(), ElementsAre("a/1", "a/2"));
  }
}

TEST_F(RocksDbFaultTest, WorksAgainOnceTheDiskHasRoom) {
  ASSERT_TRUE(commit("a").has_value());
  files_->set_fault(Fault::kNoSpace);
  ASSERT_FALSE(commit("b").has_value());
  files_->set_fault(Fault::kNone);
  // RocksDB finds out by itself, in its own time.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  bool committed = false;
  while (!committed && std::chrono::steady_clock::now() < deadline) {
    committed = commit("c").has_value();
    std::this_thread::yield();
  }
  ASSERT_TRUE(committed);
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2", "c/1", "c/2"));
  cut_power_and_reopen();
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2", "c/1", "c/2"));
}

TEST_F(RocksDbFaultTest, RefusedWriteIsNotThereAfterAPowerCut) {
  ASSERT_TRUE(commit("a").has_value());
  files_->set_fault(Fault::kNoSpace);
  ASSERT_FALSE(commit("b", 100'000).has_value());
  cut_power_and_reopen();
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2"));
}

TEST_F(RocksDbFaultTest, CommitWhoseSyncFailsIsNeverAcknowledgedNorSeen) {
  ASSERT_TRUE(commit("a").has_value());
  files_->set_fault(Fault::kSyncFails);
  const auto failed = commit("b");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Error::Kind::kUnavailable);
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2"));
  cut_power_and_reopen();
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2"));
  ASSERT_TRUE(commit("c").has_value());
  EXPECT_THAT(keys(), ElementsAre("a/1", "a/2", "c/1", "c/2"));
}

}  // namespace
}  // namespace tideway::store

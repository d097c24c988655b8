// RocksDB with its own memory tables and with trees in their place: the same is read from both.
#include "store/rocksdb/tree_memtable.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/store/temporary_directory.h"

namespace tideway::store {
namespace {

using Random = std::mt19937;

/// A database, and a snapshot of it from some time ago.
class Database {
 public:
  explicit Database(std::shared_ptr<rocksdb::MemTableRepFactory> memtables) {
    options_.create_if_missing = true;
    options_.allow_concurrent_memtable_write = false;
    options_.write_buffer_size = size_t{256} << 10;
    options_.memtable_factory = std::move(memtables);
    open();
  }

  void open() {
    snapshot_.reset();
    db_.reset();
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options_, directory_.store_path(), &db);
    ASSERT_TRUE(status.ok()) << status.ToString();
    db_.reset(db);
    keep_snapshot();
  }

  void keep_snapshot() { snapshot_ = std::make_unique<rocksdb::ManagedSnapshot>(db_.get()); }

  void write(rocksdb::WriteBatch batch) {
    const rocksdb::Status status = db_->Write({}, &batch);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }

  std::string get(const std::string& key, bool is_then) const {
    std::string value;
    const rocksdb::Status status = db_->Get(options(is_then), key, &value);
    EXPECT_TRUE(status.ok() || status.IsNotFound()) << status.ToString();
    return status.ok() ? value : "none";
  }

  /// All around a key, up and down.
  std::vector<std::string> walk(const std::string& key, bool is_then) const {
    std::vector<std::string> found;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options(is_then)));
    const auto note = [&] { found.push_back(at->key().ToString() + "=" + at->value().ToString()); };
    for (at->Seek(key); at->Valid() && found.size() < 300; at->Next()) note();
    found.emplace_back("down");
    for (at->SeekForPrev(key); at->Valid() && found.size() < 600; at->Prev()) note();
    for (at->SeekToLast(); at->Valid() && found.size() < 650; at->Prev()) note();
    for (at->SeekToFirst(); at->Valid() && found.size() < 700; at->Next()) note();
    EXPECT_TRUE(at->status().ok()) << at->status().ToString();
    return found;
  }

  size_t tables() const {
    std::vector<rocksdb::LiveFileMetaData> files;
    db_->GetLiveFilesMetaData(&files);
    return files.size();
  }

 private:
  rocksdb::ReadOptions options(bool is_then) const {
    rocksdb::ReadOptions options;
    if (is_then) options.snapshot = snapshot_->snapshot();
    return options;
  }

  TemporaryDirectory directory_;
  rocksdb::Options options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<rocksdb::ManagedSnapshot> snapshot_;
};

std::string random_key(Random& random) {
  return fmt::format("user {}/{:04x}", random() % 4, random() % 2000);
}

rocksdb::WriteBatch random_batch(Random& random) {
  rocksdb::WriteBatch batch;
  for (unsigned i = random() % 40; i > 0; --i) {
    const std::string key = random_key(random);
    switch (random() % 50) {
      case 0:
        batch.DeleteRange(key, key + "~");
        break;
      case 1:
        batch.DeleteRange(key.substr(0, 8), key);
        break;
      case 2:
      case 3:
      case 4:
        batch.Delete(key);
        break;
      default:
        batch.Put(key, fmt::format("{:0{}}", random(), random() % 60));
        break;
    }
  }
  return batch;
}

TEST(TreeMemtableTest, ReadsAsWithRocksDbsOwn) {
  Database own(std::make_shared<rocksdb::SkipListFactory>());
  Database tree(tree_memtables());
  Random random(1);
  for (int round = 0; round < 3000 && !HasFailure(); ++round) {
    const rocksdb::WriteBatch batch = random_batch(random);
    own.write(batch);
    tree.write(batch);
    const bool is_then = random() % 3 == 0;
    const std::string key = random_key(random);
    ASSERT_EQ(tree.get(key, is_then), own.get(key, is_then)) << key;
    if (round % 20 == 0) {
      ASSERT_EQ(tree.walk(key, is_then), own.walk(key, is_then)) << key;
    }
    if (round % 90 == 0) {
      own.keep_snapshot();
      tree.keep_snapshot();
    }
    if (round % 700 == 699) {  // what was not written to a table yet comes from the log
      own.open();
      tree.open();
    }
  }
  EXPECT_GT(tree.tables(), 0u);
}

}  // namespace
}  // namespace tideway::store

// Readers and transactions of the RocksDB engine. Inside the engine only.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::store {

/// The store's error for a status that is not ok.
Error to_error(const rocksdb::Status& status);

/// What precedes every key of the partition; see the head of rocksdb_store.cc.
std::string partition_prefix(std::string_view partition);

/// Gets and scans inside one partition. `snapshot` may be null: then each call sees the latest
/// state. Both pointers must outlive it.
class PartitionView {
 public:
  PartitionView(rocksdb::DB* db, std::string_view partition, const rocksdb::Snapshot* snapshot);

  Result<std::optional<std::string>> get(std::string_view key) const;
  Result<std::vector<std::optional<std::string>>> get_many(std::span<const std::string> keys) const;
  Result<void> scan(std::string_view begin, std::string_view end, const Reader::Visit& visit) const;
  std::string stored_key(std::string_view key) const;
  /// The same in two parts, since to put it together would allocate.
  std::array<rocksdb::Slice, 2> stored_key_parts(std::string_view key) const {
    return {prefix_, rocksdb::Slice(key.data(), key.size())};
  }
  /// The same for the end of a range, which is empty for the end of the partition.
  std::string stored_end(std::string_view end) const;

 private:
  rocksdb::DB* db_;
  std::string prefix_;
  const rocksdb::Snapshot* snapshot_;
};

class RocksDbReader final : public Reader {
 public:
  RocksDbReader(rocksdb::DB* db, std::string_view partition);

  Result<std::optional<std::string>> get(std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> get_many(
      std::span<const std::string> keys) const override;
  Result<void> scan(std::string_view begin, std::string_view end,
                    const Visit& visit) const override;

 private:
  rocksdb::ManagedSnapshot snapshot_;
  PartitionView view_;
};

/// Needs no snapshot: while it lives its partition's lock is held, so nobody changes what it reads.
class RocksDbTransaction final : public Transaction {
 public:
  RocksDbTransaction(rocksdb::DB* db, std::string_view partition);

  Result<std::optional<std::string>> get(std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> get_many(
      std::span<const std::string> keys) const override;
  Result<void> scan(std::string_view begin, std::string_view end,
                    const Visit& visit) const override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;
  void erase_range(std::string_view begin, std::string_view end) override;

  rocksdb::WriteBatch& batch() { return batch_; }

 private:
  PartitionView view_;
  rocksdb::WriteBatch batch_;
};

}  // namespace tideway::store

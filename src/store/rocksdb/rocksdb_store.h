// The embedded engine: one RocksDB database in one directory, used by one process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "store/rocksdb/directory_lock.h"
#include "store/rocksdb/partition_locks.h"
#include "store/store.h"

namespace rocksdb {
class DB;
class Env;
class Statistics;
}  // namespace rocksdb

namespace tideway::store {

class CommitQueue;

struct RocksDbSettings {
  /// Of what was committed and is in no table file yet. The more, the fewer and larger files are
  /// written and the fewer are searched.
  size_t write_buffers_bytes_max = size_t{128} << 20;
  /// Another file system, which must outlive the store; for tests that make it fail.
  rocksdb::Env* env = nullptr;
};

/// Updates of one partition run one after the other; those of different partitions run side by
/// side, and commits that wait for the disk at the same moment share one fsync (group commit).
///
/// Readers and transactions must not outlive the store. `apply` must not call update(): of the same
/// partition it would wait for itself, of another it could wait in a circle.
///
/// When the disk is full, updates fail with kUnavailable while reads go on; a thread of RocksDB
/// looks every few seconds whether there is room again. When a write or fsync fails otherwise,
/// nobody knows what is on the disk, so all further updates fail until the process is started anew.
///
/// Nothing of a failed update shows. Should the process be killed before the disk works again, it
/// may turn out to be stored after all, whole: a commit without an answer may have happened.
class RocksDbStore final : public Store {
 public:
  /// Opens the store in `directory`, which is made with mode 0700 if there is none. Errors:
  /// kLocked, kVersion (written by a newer or an unknown program), kCorruption, kUnavailable.
  static Result<std::unique_ptr<RocksDbStore>> open(const std::string& directory,
                                                    const RocksDbSettings& settings = {});

  /// Writes buffers out and closes. Nothing depends on it: a kill loses no commit either.
  ~RocksDbStore() override;

  Result<std::unique_ptr<Reader>> read(std::string_view partition) override;
  Result<std::optional<std::string>> get(std::string_view partition, std::string_view key) override;
  Result<void> update(std::string_view partition, const Apply& apply) override;
  Result<std::shared_ptr<Commit>> update_later(std::string_view partition,
                                               const Apply& apply) override;
  Result<void> partitions(const VisitPartition& visit) override;
  Result<void> reclaim(std::string_view partition) override;

  /// Moves what is in memory and in the log into table files.
  Result<void> flush();

  /// Log syncs since opening; fewer than commits where commits were grouped.
  uint64_t log_sync_count() const;

 private:
  RocksDbStore(DirectoryLock lock, std::unique_ptr<rocksdb::DB> db,
               std::shared_ptr<rocksdb::Statistics> statistics);

  DirectoryLock directory_lock_;
  std::shared_ptr<rocksdb::Statistics> statistics_;
  std::unique_ptr<rocksdb::DB> db_;
  PartitionLocks partition_locks_;
  std::unique_ptr<CommitQueue> commits_;  ///< none at the end
};

}  // namespace tideway::store

// The commits on their way to the disk, and the thread that takes them there.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/rocksdb/partition_locks.h"
#include "store/store.h"

namespace tideway::store {

/// Group commit: while one group is being written and synced, the next one gathers. A group is one
/// record of the log, so all of it is there after a crash or nothing. The more commits come at a
/// time, the more share an fsync; a single one waits for nobody.
///
/// All functions may be called from any thread.
class CommitQueue {
 public:
  /// `db` must outlive it.
  explicit CommitQueue(rocksdb::DB& db);
  /// Commits what is left.
  ~CommitQueue();

  /// Commits a batch after those before it. Its lock is given back when it shows and is on disk, or
  /// has failed. Waits when there is much to do.
  std::shared_ptr<Commit> push(rocksdb::WriteBatch batch, PartitionLocks::Guard lock);

 private:
  struct Entry {
    rocksdb::WriteBatch batch;
    PartitionLocks::Guard lock;
    std::shared_ptr<Commit> commit;
  };
  struct Group {
    std::vector<Entry> entries = {};
    size_t size_bytes = 0;
  };

  void run();
  void commit(Group group);

  rocksdb::DB& db_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable taken_;
  Group next_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tideway::store

#include "store/rocksdb/commit_queue.h"

#include <string>
#include <utility>

#include "store/rocksdb/rocksdb_options.h"
#include "store/rocksdb/rocksdb_view.h"

namespace tideway::store {
namespace {

/// A group takes no more, but for the commit that goes beyond it: who comes first should not wait
/// for all who come later.
constexpr size_t kGroupBytesMax = size_t{8} << 20;

/// A batch is its sequence number (8 bytes, set when it is written), the count of its entries (4,
/// little-endian), and the entries, one behind the other.
constexpr size_t kCountAt = 8;
constexpr size_t kEntriesAt = 12;

/// The batches of `entries` as one; they are used up.
template <class Entries>
rocksdb::WriteBatch joined(Entries& entries, size_t size_bytes) {
  if (entries.size() == 1) return std::move(entries.front().batch);
  std::string bytes(kEntriesAt, '\0');
  bytes.reserve(size_bytes);
  uint32_t count = 0;
  for (const auto& entry : entries) {
    bytes.append(entry.batch.Data(), kEntriesAt);
    count += entry.batch.Count();
  }
  for (size_t i = 0; i < sizeof(count); ++i) {
    bytes[kCountAt + i] = static_cast<char>(count >> (8 * i));
  }
  return rocksdb::WriteBatch(std::move(bytes));
}

}  // namespace

CommitQueue::CommitQueue(rocksdb::DB& db) : db_(db), thread_([this] { run(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_one();
  thread_.join();
}

std::shared_ptr<Commit> CommitQueue::push(rocksdb::WriteBatch batch, PartitionLocks::Guard lock) {
  auto commit = std::make_shared<Commit>();
  {
    std::unique_lock held(mutex_);
    taken_.wait(held, [&] { return next_.size_bytes < kGroupBytesMax; });
    next_.size_bytes += batch.GetDataSize();
    next_.entries.push_back({std::move(batch), std::move(lock), commit});
  }
  filled_.notify_one();
  return commit;
}

void CommitQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    filled_.wait(lock, [&] { return stopping_ || !next_.entries.empty(); });
    if (next_.entries.empty()) return;
    Group group = std::exchange(next_, {});
    lock.unlock();
    taken_.notify_all();
    commit(std::move(group));
    lock.lock();
  }
}

void CommitQueue::commit(Group group) {
  rocksdb::WriteBatch batch = joined(group.entries, group.size_bytes);
  const rocksdb::Status status = db_.Write(rocksdb_write_options(), &batch);
  Result<void> result;
  if (!status.ok()) result = std::unexpected(to_error(status));
  for (Entry& entry : group.entries) {
    {
      const PartitionLocks::Guard given_back = std::move(entry.lock);
    }
    entry.commit->finish(result);
  }
}

}  // namespace tideway::store

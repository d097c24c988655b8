// Keys in RocksDB:
//
//   stored key := varint(length of partition + 1) partition key
//               | varint(0) name                                   the engine's own
//
// A varint tells where it ends and then how far the partition goes, so no two pairs of partition
// and key make the same stored key, and all keys of a partition, and no others, start with the same
// bytes: they stand together in the order of `key`. No partition reaches the engine's own keys.
//
//   "format" -> kFormatVersion in decimal, written when the store is made
//
// Commits. An update holds its partition's lock from before its first read until its batch is on
// disk, which one thread brings it to: see commit_queue.h.

#include "store/rocksdb/rocksdb_store.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/statistics.h>

#include "base/coding.h"
#include "store/rocksdb/commit_queue.h"
#include "store/rocksdb/rocksdb_options.h"
#include "store/rocksdb/rocksdb_view.h"

namespace tideway::store {
namespace {

constexpr std::string_view kFormatVersion = "7";

std::string own_key(std::string_view name) {
  std::string key;
  put_varint(key, 0);
  key += name;
  return key;
}

/// A store without any key is new; one with keys but no version is none of ours.
Result<void> check_format(rocksdb::DB& db, const std::string& directory) {
  const auto wrong = [&directory](std::string_view found) {
    return std::unexpected(Error{Error::Kind::kVersion,
                                 fmt::format("{} has store format {}, this program reads format {}",
                                             directory, found, kFormatVersion)});
  };
  std::string version;
  const rocksdb::Status status = db.Get(rocksdb_read_options(), own_key("format"), &version);
  if (status.ok()) {
    if (version != kFormatVersion) return wrong(version);
    return {};
  }
  if (!status.IsNotFound()) return std::unexpected(to_error(status));

  const std::unique_ptr<rocksdb::Iterator> any(db.NewIterator(rocksdb_read_options()));
  any->SeekToFirst();
  if (any->Valid()) return wrong("\"unknown\"");
  if (!any->status().ok()) return std::unexpected(to_error(any->status()));
  const rocksdb::Status written =
      db.Put(rocksdb_write_options(), own_key("format"),
             rocksdb::Slice(kFormatVersion.data(), kFormatVersion.size()));
  if (!written.ok()) return std::unexpected(to_error(written));
  return {};
}

/// Options or files that this RocksDB does not know were written by a newer one.
Error open_error(const rocksdb::Status& status, const std::string& directory) {
  Error error = to_error(status);
  if (status.IsNotSupported() || status.IsInvalidArgument()) error.kind = Error::Kind::kVersion;
  error.message = fmt::format("cannot open {}: {}", directory, error.message);
  return error;
}

}  // namespace

Result<std::unique_ptr<RocksDbStore>> RocksDbStore::open(const std::string& directory,
                                                         const RocksDbSettings& settings) {
  Result<DirectoryLock> lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  rocksdb::Options options = rocksdb_options(settings.write_buffers_bytes_max);
  if (settings.env != nullptr) options.env = settings.env;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, directory, &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  if (!status.ok()) return std::unexpected(open_error(status, directory));
  if (const Result<void> checked = check_format(*db, directory); !checked) {
    return std::unexpected(checked.error());
  }
  return std::unique_ptr<RocksDbStore>(
      new RocksDbStore(*std::move(lock), std::move(db), std::move(options.statistics)));
}

RocksDbStore::RocksDbStore(DirectoryLock lock, std::unique_ptr<rocksdb::DB> db,
                           std::shared_ptr<rocksdb::Statistics> statistics)
    : directory_lock_(std::move(lock)),
      statistics_(std::move(statistics)),
      db_(std::move(db)),
      commits_(std::make_unique<CommitQueue>(*db_)) {}

RocksDbStore::~RocksDbStore() {
  commits_.reset();
  // Saves the next start from replaying the log. It may fail on a full disk: then the log is
  // replayed.
  static_cast<void>(flush());
  static_cast<void>(db_->Close());
}

Result<std::unique_ptr<Reader>> RocksDbStore::read(std::string_view partition) {
  return std::make_unique<RocksDbReader>(db_.get(), partition);
}

Result<std::optional<std::string>> RocksDbStore::get(std::string_view partition,
                                                     std::string_view key) {
  return PartitionView(db_.get(), partition, nullptr).get(key);
}

Result<void> RocksDbStore::update(std::string_view partition, const Apply& apply) {
  const auto commit = update_later(partition, apply);
  if (!commit) return std::unexpected(commit.error());
  return wait_for(*commit);
}

Result<std::shared_ptr<Commit>> RocksDbStore::update_later(std::string_view partition,
                                                           const Apply& apply) {
  PartitionLocks::Guard lock(partition_locks_, partition);
  RocksDbTransaction transaction(db_.get(), partition);
  const Result<Outcome> outcome = apply(transaction);
  if (!outcome) return std::unexpected(outcome.error());
  if (*outcome == Outcome::kAbandon || transaction.batch().Count() == 0) return nullptr;
  return commits_->push(std::move(transaction.batch()), std::move(lock));
}

Result<void> RocksDbStore::partitions(const VisitPartition& visit) {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb_read_options()));
  std::string next;
  put_varint(next, 1);  // behind the engine's own keys
  for (at->Seek(next); at->Valid(); at->Seek(next)) {
    Decoder key({at->key().data(), at->key().size()});
    const std::string partition(key.raw(key.varint() - 1));
    if (!key.ok()) return std::unexpected(Error{Error::Kind::kCorruption, "a key is malformed"});
    if (!visit(partition)) return {};
    next = prefix_end(partition_prefix(partition));
  }
  if (!at->status().ok()) return std::unexpected(to_error(at->status()));
  return {};
}

Result<void> RocksDbStore::reclaim(std::string_view partition) {
  const std::string first = partition_prefix(partition);
  const std::string bound = prefix_end(first);
  const rocksdb::Slice first_slice(first);
  const rocksdb::Slice bound_slice(bound);
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  // Without this the lowest level, where most of it lies, would be left as it is.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const rocksdb::Status status = db_->CompactRange(options, &first_slice, &bound_slice);
  if (!status.ok()) return std::unexpected(to_error(status));
  return {};
}

Result<void> RocksDbStore::flush() {
  const rocksdb::Status status = db_->Flush(rocksdb::FlushOptions());
  if (!status.ok()) return std::unexpected(to_error(status));
  return {};
}

uint64_t RocksDbStore::log_sync_count() const {
  return statistics_->getTickerCount(rocksdb::WAL_FILE_SYNCED);
}

}  // namespace tideway::store

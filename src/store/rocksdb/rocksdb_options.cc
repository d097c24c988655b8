#include "store/rocksdb/rocksdb_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>

#include "store/rocksdb/tree_memtable.h"

namespace tideway::store {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr int kWriteBuffers = 2;
constexpr double kWriteBufferBloomRatio = 0.02;
constexpr size_t kBlockCacheBytes = 64 * kMiB;
constexpr size_t kTableBlockBytes = 16 * 1024;
constexpr int kOpenFilesMax = 512;
constexpr int kBackgroundJobs = 2;
constexpr double kBloomBitsPerKey = 10;

rocksdb::BlockBasedTableOptions table_options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  table.block_size = kTableBlockBytes;
  // Indexes and filters count against the cache: else they grow with the data, outside any bound.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // For gets of keys that mostly do not exist (is this origin id known?). Prefix filters would also
  // serve scans, but a scan touches one short range of five levels, and a prefix extractor changes
  // the meaning of every iterator: not worth it.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  // In pieces by ranges of keys: the filter of a whole file is as large as a shard of the cache, so
  // it would be read, and its checksum computed, with each get.
  table.partition_filters = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  // Not less: which piece has a key is looked up for each key and file.
  table.metadata_block_size = kTableBlockBytes;
  table.format_version = 5;
  return table;
}

void bound_log_files(rocksdb::Options& options) {
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = kMiB;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
}

}  // namespace

rocksdb::Options rocksdb_options(size_t write_buffers_bytes_max) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  // A kill in the middle of a commit leaves a torn record at the end of the log: nobody was told
  // that it is stored, so it is dropped. Damage anywhere before the end is not a torn write; the
  // default mode would silently forget every commit behind it, this one refuses to open.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // What is replayed stays in memory and in its log until a write buffer is full. Writing and
  // syncing a table file of it before the first request made up two fifths of a start after a kill.
  options.avoid_flush_during_recovery = true;

  options.write_buffer_size = write_buffers_bytes_max / kWriteBuffers;
  options.max_write_buffer_number = kWriteBuffers;
  // Most gets are for origin ids that are new: a filter spares them the walk through the buffers.
  options.memtable_prefix_bloom_size_ratio = kWriteBufferBloomRatio;
  options.memtable_whole_key_filtering = true;
  // One thread writes (commit_queue.h).
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // Small uploads spent a fifth of their time in RocksDB's own, which are skip lists.
  options.memtable_factory = tree_memtables();
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = kBackgroundJobs;
  options.bytes_per_sync = kMiB;  // spreads the write-back of compactions, which would stall fsyncs

  // Levels, not universal: blocks are rarely rewritten, and space is what users run out of. LZ4 for
  // keys and small values; RocksDB keeps a table block as it is when that saves less than an
  // eighth, as with data blocks, which are zstd already.
  options.compaction_style = rocksdb::kCompactionStyleLevel;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kLZ4Compression;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options()));

  options.statistics = rocksdb::CreateDBStatistics();
  options.statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  bound_log_files(options);
  return options;
}

rocksdb::ReadOptions rocksdb_read_options() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  return options;
}

rocksdb::WriteOptions rocksdb_write_options() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

}  // namespace tideway::store

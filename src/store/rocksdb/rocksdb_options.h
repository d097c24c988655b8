// How Tideway tunes RocksDB, with the reasons. Inside the engine only.
#pragma once

#include <rocksdb/options.h>

#include <cstddef>

namespace tideway::store {

/// Options for opening; beside the write buffers, memory is bounded to some 80 MiB whatever the
/// size of the data.
rocksdb::Options rocksdb_options(size_t write_buffers_bytes_max);

/// Every read checks the checksums of what it reads from disk.
rocksdb::ReadOptions rocksdb_read_options();

/// A write returns when its log record is on disk.
rocksdb::WriteOptions rocksdb_write_options();

}  // namespace tideway::store

// How Tideway tunes RocksDB, with the reasons. Inside the engine only.
#pragma once

#include <rocksdb/options.h>

#include <string_view>

namespace tideway::store {

/// Options for opening; memory is bounded to some 150 MiB whatever the size of the data.
rocksdb::Options rocksdb_options();

/// Whether a stored key has the form in which a range that is erased must begin: it ends in a zero.
/// A key that happens to do so is only inserted a little slower.
inline bool may_begin_range(std::string_view key) { return key.ends_with('\0'); }

/// Every read checks the checksums of what it reads from disk.
rocksdb::ReadOptions rocksdb_read_options();

/// A write returns when its log record is on disk.
rocksdb::WriteOptions rocksdb_write_options();

}  // namespace tideway::store

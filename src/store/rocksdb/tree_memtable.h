// RocksDB's memory tables as trees (entry_tree.h).
#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>

namespace tideway::store {

/// For tables whose keys are in the order of their bytes, and that one thread at a time writes to.
std::shared_ptr<rocksdb::MemTableRepFactory> tree_memtables();

}  // namespace tideway::store

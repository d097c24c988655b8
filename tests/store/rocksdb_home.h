// A RocksDB store in a temporary directory, for the store suite.
#pragma once

#include <memory>

#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/store_suite.h"
#include "tests/store/temporary_directory.h"

namespace tideway::store {

class RocksDbHome : public StoreHome {
 public:
  std::unique_ptr<Store> open() override {
    auto store = RocksDbStore::open(directory_.store_path());
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return store ? *std::move(store) : nullptr;
  }

 private:
  TemporaryDirectory directory_;
};

}  // namespace tideway::store

// What every engine must do, tested through the Store interface alone. An engine takes part by
//
//   INSTANTIATE_TEST_SUITE_P(RocksDb, StoreSuite, testing::Values(StoreMaker{…}));
//
// in its own test file. The tests stand in store_suite.cc and store_suite_threads.cc.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace tideway::store {

/// Somewhere to keep a store: empty when made, gone when destroyed.
class StoreHome {
 public:
  virtual ~StoreHome() = default;

  /// Opens what is there. At most one store is open at a time.
  virtual std::unique_ptr<Store> open() = 0;
};

struct StoreMaker {
  std::function<std::unique_ptr<StoreHome>()> make_home;
};

using Entries = std::vector<std::pair<std::string, std::string>>;

class StoreSuite : public testing::TestWithParam<StoreMaker> {
 protected:
  void SetUp() override {
    home_ = GetParam().make_home();
    store_ = home_->open();
    ASSERT_NE(store_, nullptr);
  }

  void reopen() {
    store_.reset();
    store_ = home_->open();
    ASSERT_NE(store_, nullptr);
  }

  void put(std::string_view partition, std::string_view key, std::string_view value) {
    const auto done = store_->update(partition, [&](Transaction& transaction) {
      transaction.put(key, value);
      return Outcome::kCommit;
    });
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }

  void erase_range(std::string_view partition, std::string_view begin, std::string_view end) {
    const auto done = store_->update(partition, [&](Transaction& transaction) {
      transaction.erase_range(begin, end);
      return Outcome::kCommit;
    });
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }

  void erase(std::string_view partition, std::string_view key) {
    const auto done = store_->update(partition, [&](Transaction& transaction) {
      transaction.erase(key);
      return Outcome::kCommit;
    });
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }

  std::unique_ptr<Reader> reader(std::string_view partition) {
    auto made = store_->read(partition);
    EXPECT_TRUE(made.has_value());
    return *std::move(made);
  }

  std::optional<std::string> get(std::string_view partition, std::string_view key) {
    return get(*reader(partition), key);
  }

  static std::optional<std::string> get(const Reader& reader, std::string_view key) {
    auto value = reader.get(key);
    EXPECT_TRUE(value.has_value());
    return value ? *std::move(value) : std::nullopt;
  }

  Entries scan(std::string_view partition, std::string_view begin = {}, std::string_view end = {}) {
    return scan(*reader(partition), begin, end);
  }

  static Entries scan(const Reader& reader, std::string_view begin = {},
                      std::string_view end = {}) {
    Entries entries;
    const auto done = reader.scan(begin, end, [&](std::string_view key, std::string_view value) {
      entries.emplace_back(key, value);
      return true;
    });
    EXPECT_TRUE(done.has_value());
    return entries;
  }

  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<Store> store_;
};

}  // namespace tideway::store

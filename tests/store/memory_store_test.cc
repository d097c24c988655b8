// The store of the tests keeps the contract of the real ones, or what is tested on it would prove
// nothing.
#include "tests/store/memory_store.h"

#include "tests/store/store_suite.h"

namespace tideway::store {
namespace {

/// The entries live here, so that they are still there when the store is opened again.
class MemoryHome final : public StoreHome {
 public:
  std::unique_ptr<Store> open() override { return std::make_unique<Opened>(memory_); }

 private:
  class Opened final : public Store {
   public:
    explicit Opened(MemoryStore& memory) : memory_(memory) {}

    Result<std::unique_ptr<Reader>> read(std::string_view partition) override {
      return memory_.read(partition);
    }
    Result<void> update(std::string_view partition, const Apply& apply) override {
      return memory_.update(partition, apply);
    }
    Result<void> partitions(const VisitPartition& visit) override {
      return memory_.partitions(visit);
    }
    Result<void> reclaim(std::string_view partition) override { return memory_.reclaim(partition); }

   private:
    MemoryStore& memory_;
  };

  MemoryStore memory_;
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreSuite, testing::Values(StoreMaker{[] {
                           return std::make_unique<MemoryHome>();
                         }}));

Result<void> put(MemoryStore& store, std::string_view key) {
  return store.update("partition", [&](Transaction& transaction) {
    transaction.put(key, "value");
    return Outcome::kCommit;
  });
}

TEST(MemoryStoreTest, FailsWhenToldTo) {
  MemoryStore store;
  store.fail_updates = true;
  EXPECT_EQ(put(store, "a").error().kind, Error::Kind::kUnavailable);
  EXPECT_TRUE(store.read("partition"));
  store.fail_reads = true;
  EXPECT_FALSE(store.read("partition"));
  store.fail_updates = false;
  EXPECT_TRUE(put(store, "b"));
  EXPECT_EQ(store.entries("partition"), (MemoryStore::Entries{{"b", "value"}}));
}

TEST(MemoryStoreTest, TheHookRunsBeforeTheUpdateReads) {
  MemoryStore store;
  std::string seen;
  store.before_update = [&](std::string_view partition) {
    store.before_update = nullptr;
    store.put(partition, "key", "from the hook");
  };
  const auto done = store.update("partition", [&](Transaction& transaction) {
    seen = transaction.get("key").value().value_or("nothing");
    return Outcome::kAbandon;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(seen, "from the hook");
}

}  // namespace
}  // namespace tideway::store

#include "api/reader_pool.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tideway::api {
namespace {

constexpr size_t kSmall = 1000;
constexpr size_t kLarge = 64 << 20;

const record::Reader* used(ReaderPool& pool, size_t body_size_bytes = kSmall) {
  return &ReaderPool::Lease(pool, body_size_bytes).reader();
}

TEST(ReaderPool, GivesTheLastOneAgain) {
  ReaderPool pool;
  const record::Reader* const first = used(pool);
  EXPECT_EQ(used(pool), first);
  {
    ReaderPool::Lease held(pool, kSmall);
    EXPECT_EQ(&held.reader(), first);
    ReaderPool::Lease other(pool, kSmall);
    EXPECT_NE(&other.reader(), first);
  }
  // `other` was given back first.
  EXPECT_EQ(used(pool), first);
}

TEST(ReaderPool, KeepsNoneOfALargeBody) {
  ReaderPool pool;
  ReaderPool::Lease held(pool, kSmall);  // so that the next one cannot come to lie in its place
  const record::Reader* const first = used(pool);
  EXPECT_EQ(used(pool, kLarge), first);
  ReaderPool::Lease fresh(pool, kSmall);
  const auto batch = fresh.reader().read("[]", {});
  EXPECT_TRUE(batch);
}

TEST(ReaderPool, ServesManyThreads) {
  ReaderPool pool;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        ReaderPool::Lease lease(pool, kSmall);
        EXPECT_TRUE(lease.reader().read("[]", {}));
      }
    });
  }
}

}  // namespace
}  // namespace tideway::api

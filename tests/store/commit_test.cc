#include "store/commit.h"

#include <gtest/gtest.h>

#include <thread>

namespace tideway::store {
namespace {

Result<void> failure() {
  return std::unexpected(Error{Error::Kind::kUnavailable, "the disk is full"});
}

TEST(CommitTest, TellsWhatBecameOfItWhenItIsKnown) {
  Commit commit;
  int told = 0;
  commit.then([&](const Result<void>& result) { told += result.has_value() ? 1 : 100; });
  EXPECT_EQ(told, 0);
  commit.finish({});
  EXPECT_EQ(told, 1);
}

TEST(CommitTest, TellsAtOnceWhatIsKnownAlready) {
  Commit commit;
  commit.finish(failure());
  std::string told;
  commit.then([&](const Result<void>& result) { told = result.error().message; });
  EXPECT_EQ(told, "the disk is full");
}

TEST(CommitTest, WaitsUntilItIsKnown) {
  for (int round = 0; round < 100; ++round) {
    Commit commit;
    std::jthread engine([&] { commit.finish(round % 2 == 0 ? Result<void>() : failure()); });
    EXPECT_EQ(commit.wait().has_value(), round % 2 == 0);
    engine.join();  // before the commit goes: finish() may still be returning
  }
}

}  // namespace
}  // namespace tideway::store

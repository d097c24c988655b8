// Two programs on one store: what one ends has to end on the other within five seconds.
#include "cli/token_refresh.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/store/memory_store.h"

namespace tideway::cli {
namespace {

TEST(TokenRefresh, TakesOverWhatAnotherProgramEnded) {
  store::MemoryStore store;
  const auto here = account::Tokens::open(store).value();
  const auto there = account::Tokens::open(store).value();
  const TokenRefresh refresh(*there);
  const std::string text = here->issue("0a1b2c3d4e", false, 3600);
  const std::string ended = here->issue("5e4d3c2b1a", false, 3600);
  ASSERT_TRUE(there->verify(text));
  ASSERT_TRUE(here->revoke(text));
  ASSERT_TRUE(here->end_sessions("5e4d3c2b1a"));
  // Waits for the condition; a loaded machine may be late, so the bound is only there to end a test
  // that fails. That the interval is short enough is checked where it is declared.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while ((there->verify(text) || there->verify(ended)) &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE(there->verify(text));
  EXPECT_FALSE(there->verify(ended));
}

}  // namespace
}  // namespace tideway::cli

#include "account/token_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace tideway::account {
namespace {

TEST(TokenCache, ForgetsTheOldest) {
  TokenCache cache(10);
  for (int i = 0; i < 1000; ++i) cache.add(std::to_string(i), {});
  EXPECT_LE(cache.size(), 12u);
  EXPECT_TRUE(cache.find("999"));
  EXPECT_FALSE(cache.find("0"));
}

}  // namespace
}  // namespace tideway::account

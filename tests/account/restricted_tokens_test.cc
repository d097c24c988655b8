#include "account/restricted_tokens.h"

#include <gtest/gtest.h>

#include "base/ids.h"
#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

constexpr std::string_view kUser = "0a1b2c3d4e";
constexpr int64_t kNow = 1'700'000'000'000;

class RestrictedTokensTest : public testing::Test {
 protected:
  RestrictedToken make(RestrictedTokens::Wish wish = {}) {
    return tokens_.create(kUser, std::move(wish)).value().value();
  }

  bool opens(const std::string& id, std::string_view path) {
    const auto user = tokens_.authorise(id, path);
    EXPECT_TRUE(!user || *user == kUser);
    return user.has_value();
  }

  int64_t now_ms_ = kNow;
  store::MemoryStore store_;
  RestrictedTokens tokens_{store_, [this] { return now_ms_; }};
};

TEST_F(RestrictedTokensTest, LastsAnHourUnlessSaidOtherwise) {
  const RestrictedToken token = make();
  EXPECT_TRUE(is_data_id(token.id));
  EXPECT_EQ(token.json(), R"({"id":")" + token.id +
                              R"(","userId":"0a1b2c3d4e","expirationTime":"2023-11-14T23:13:20Z",)"
                              R"("createdTime":"2023-11-14T22:13:20Z"})");
  now_ms_ = kNow + kRestrictedTokenDurationMs;
  EXPECT_TRUE(opens(token.id, "/v1/time"));
  now_ms_ += 1;
  EXPECT_FALSE(opens(token.id, "/v1/time"));
}

TEST_F(RestrictedTokensTest, OpensItsPathsAndWhatIsBelow) {
  const std::string id = make({.paths = {{"/data/0a1b2c3d4e", "/export/"}}, .expiration = {}}).id;
  EXPECT_TRUE(opens(id, "/data/0a1b2c3d4e"));
  EXPECT_TRUE(opens(id, "/data/0a1b2c3d4e/x"));
  EXPECT_TRUE(opens(id, "/export/"));
  EXPECT_TRUE(opens(id, "/export/0a1b2c3d4e"));
  EXPECT_FALSE(opens(id, "/data/0a1b2c3d4ef"));
  EXPECT_FALSE(opens(id, "/data"));
  EXPECT_FALSE(opens(id, "/export"));
  EXPECT_FALSE(opens(id, "/v1/time"));
  EXPECT_TRUE(opens(make({.paths = {{"/"}}, .expiration = {}}).id, "/anything"));
}

TEST_F(RestrictedTokensTest, OthersIdsOpenNothing) {
  make();
  for (const std::string id : {"", "x", "0123456789abcdef0123456789abcdef"}) {
    EXPECT_FALSE(tokens_.authorise(id, "/v1/time")) << id;
  }
}

TEST_F(RestrictedTokensTest, ATokenInUseCostsNoLookIntoTheStore) {
  const std::string id = make().id;
  EXPECT_TRUE(opens(id, "/"));
  store_.fail_reads = true;
  now_ms_ += RestrictedTokens::kCacheMs - 1;
  EXPECT_TRUE(opens(id, "/"));
  now_ms_ += 1;
  EXPECT_FALSE(opens(id, "/")) << "a token that cannot be checked opens nothing";
}

TEST_F(RestrictedTokensTest, RemovedItEndsHereAtOnceAndElsewhereSoon) {
  RestrictedTokens there(store_, [this] { return now_ms_; });
  const std::string id = make().id;
  EXPECT_TRUE(opens(id, "/"));
  EXPECT_TRUE(there.authorise(id, "/"));
  ASSERT_TRUE(tokens_.remove(id));
  EXPECT_FALSE(opens(id, "/"));
  now_ms_ += RestrictedTokens::kCacheMs;
  static_assert(RestrictedTokens::kCacheMs < 5000);
  EXPECT_FALSE(there.authorise(id, "/"));
  EXPECT_TRUE(tokens_.remove(id)) << "twice is no error";
  EXPECT_TRUE(store_.entries(kUser).empty());
  EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
}

TEST_F(RestrictedTokensTest, UpdatesBothFieldsOrOne) {
  const std::string id = make().id;
  EXPECT_TRUE(opens(id, "/x"));
  now_ms_ += 5;
  const auto changed = tokens_.update(id, {.paths = {{"/data"}}, .expiration = {}}).value();
  EXPECT_EQ(changed->modified_ms, now_ms_);
  EXPECT_EQ(changed->expiration.milliseconds(), kNow + kRestrictedTokenDurationMs);
  EXPECT_FALSE(opens(id, "/x"));
  EXPECT_TRUE(opens(id, "/data"));
  const auto ended = tokens_.update(id, {.paths = {}, .expiration = Time{.seconds = 1}}).value();
  EXPECT_EQ(ended->paths->front(), "/data");
  EXPECT_FALSE(opens(id, "/data"));
  EXPECT_EQ(tokens_.update("0123456789abcdef0123456789abcdef", {}).value(), std::nullopt);
}

TEST_F(RestrictedTokensTest, ListsNewestFirstAndReadsBackWhatWasWritten) {
  const std::string first =
      make({.paths = {{"/a", "/b"}},
            .expiration = parse_instant("2030-01-02T03:04:05.000000007+01:00")})
          .id;
  now_ms_ += 10;
  const std::string second = make().id;
  const auto list = tokens_.list(kUser).value();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].id, second);
  EXPECT_NE(list[1].json().find(R"("paths":["/a","/b"],)"
                                R"("expirationTime":"2030-01-02T03:04:05.000000007+01:00")"),
            std::string::npos)
      << list[1].json();
  EXPECT_EQ(tokens_.find(first).value()->json(), list[1].json());
  ASSERT_TRUE(tokens_.remove_all(kUser));
  EXPECT_TRUE(tokens_.list(kUser).value().empty());
  EXPECT_FALSE(opens(first, "/a"));
}

TEST_F(RestrictedTokensTest, AnAccountHasABoundedNumberThatHold) {
  for (size_t i = 0; i < kRestrictedTokensMax; ++i) make();
  EXPECT_EQ(tokens_.create(kUser, {}).value(), std::nullopt);
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).size(), kRestrictedTokensMax);
  now_ms_ += kRestrictedTokenDurationMs + 1;
  make();
  EXPECT_EQ(tokens_.list(kUser).value().size(), 1u) << "those that ended made room";
  EXPECT_EQ(store_.entries(store::kDirectoryPartition).size(), 1u);
}

TEST_F(RestrictedTokensTest, DamageIsNoToken) {
  const std::string id = make().id;
  store_.put(kUser, "T" + id, "\x01");
  EXPECT_EQ(tokens_.find(id).error().kind, store::Error::Kind::kCorruption);
  EXPECT_FALSE(opens(id, "/"));
  store_.put(kUser, "T" + id, "\x02");
  EXPECT_EQ(tokens_.find(id).error().kind, store::Error::Kind::kVersion);
}

}  // namespace
}  // namespace tideway::account

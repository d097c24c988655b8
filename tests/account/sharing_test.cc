#include "account/sharing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/store/memory_store.h"

namespace tideway::account {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kAnn = "aaaaaaaaaa";
constexpr std::string_view kBob = "bbbbbbbbbb";
constexpr std::string_view kCat = "cccccccccc";

class SharingTest : public testing::Test {
 protected:
  PermissionSet set(const std::string& json) { return parse_permissions(json).value(); }

  void grant(std::string_view owner, std::string_view grantee, const std::string& json) {
    EXPECT_EQ(sharing_.grant(owner, grantee, set(json)).value(), Sharing::Granted::kDone);
  }

  store::MemoryStore store_;
  Sharing sharing_{store_};
};

TEST_F(SharingTest, EverybodyOwnsTheOwnAccountWithoutALookIntoTheStore) {
  store_.fail_reads = true;
  EXPECT_EQ(sharing_.granted(kAnn, kAnn).value(), (Permissions{.root = true}));
}

TEST_F(SharingTest, NothingIsSharedUntilItIsGranted) {
  EXPECT_EQ(sharing_.granted(kAnn, kBob).value(), Permissions());
  EXPECT_EQ(sharing_.granted("", "").value(), Permissions());
  EXPECT_EQ(sharing_.find(kAnn, kBob).value(), std::nullopt);
}

TEST_F(SharingTest, AGrantGoesOneWay) {
  grant(kAnn, kBob, R"({"view":{},"x":{}})");
  EXPECT_EQ(sharing_.granted(kAnn, kBob).value(), Permissions{.view = true});
  EXPECT_EQ(sharing_.granted(kBob, kAnn).value(), Permissions());
  EXPECT_EQ(sharing_.find(kAnn, kBob).value()->json, R"({"view":{},"x":{}})");
}

TEST_F(SharingTest, AGrantReplacesTheOneBefore) {
  grant(kAnn, kBob, R"({"view":{},"upload":{}})");
  grant(kAnn, kBob, R"({"note":{}})");
  EXPECT_EQ(sharing_.granted(kAnn, kBob).value(), Permissions{.note = true});
  grant(kAnn, kBob, "{}");
  EXPECT_EQ(sharing_.find(kAnn, kBob).value(), std::nullopt);
}

TEST_F(SharingTest, ListsBothSidesInOrder) {
  grant(kAnn, kCat, R"({"view":{}})");
  grant(kAnn, kBob, R"({"upload":{}})");
  grant(kBob, kCat, R"({"note":{}})");
  EXPECT_THAT(sharing_.granted_by(kAnn).value(),
              ElementsAre(Pair(kBob, set(R"({"upload":{}})")), Pair(kCat, set(R"({"view":{}})"))));
  EXPECT_THAT(sharing_.granted_to(kCat).value(),
              ElementsAre(Pair(kAnn, set(R"({"view":{}})")), Pair(kBob, set(R"({"note":{}})"))));
  grant(kAnn, kCat, "{}");
  EXPECT_THAT(sharing_.granted_to(kCat).value(), ElementsAre(Pair(kBob, testing::_)));
}

TEST_F(SharingTest, AnAccountCannotGrantToItselfNorToWhatIsNoUser) {
  grant(kAnn, kAnn, R"({"custodian":{}})");
  grant(kAnn, store::kDirectoryPartition, R"({"view":{}})");
  grant(store::kDirectoryPartition, kAnn, R"({"view":{}})");
  EXPECT_THAT(store_.entries(kAnn), IsEmpty());
  EXPECT_THAT(store_.entries(store::kDirectoryPartition), IsEmpty());
}

TEST_F(SharingTest, ACrashBetweenTheStepsLeavesNoGrant) {
  // The index is written; then the store is gone.
  store_.before_update = [&](std::string_view partition) {
    if (partition == kAnn) throw std::runtime_error("crash");
  };
  EXPECT_THROW(std::ignore = sharing_.grant(kAnn, kBob, set(R"({"view":{}})")), std::runtime_error);
  store_.before_update = nullptr;
  EXPECT_THAT(sharing_.granted_to(kBob).value(), IsEmpty());
  EXPECT_FALSE(sharing_.granted(kAnn, kBob).value().any());
  grant(kAnn, kBob, R"({"view":{}})");
  EXPECT_THAT(sharing_.granted_to(kBob).value(), ElementsAre(Pair(kAnn, testing::_)));
}

TEST_F(SharingTest, ForgettingAnAccountEndsBothDirections) {
  grant(kAnn, kBob, R"({"view":{}})");
  grant(kBob, kAnn, R"({"upload":{}})");
  grant(kBob, kCat, R"({"view":{}})");
  ASSERT_TRUE(sharing_.forget(kAnn));
  EXPECT_FALSE(sharing_.granted(kAnn, kBob).value().any());
  EXPECT_FALSE(sharing_.granted(kBob, kAnn).value().any());
  EXPECT_TRUE(sharing_.granted(kBob, kCat).value().view);
}

TEST_F(SharingTest, AnAccountSharesWithABoundedNumberOfOthers) {
  for (size_t i = 0; i < kGrantsMax; ++i) {
    std::string id = std::to_string(i);
    id.insert(0, 10 - id.size(), '0');
    store_.put(kAnn, "P" + id, "\x01\x04{\"view\":{}}");
  }
  EXPECT_EQ(sharing_.grant(kAnn, kBob, set(R"({"view":{}})")).value(), Sharing::Granted::kTooMany);
  EXPECT_FALSE(sharing_.granted(kAnn, kBob).value().any());
  grant(kAnn, "0000000007", R"({"upload":{}})");  // one that is there may change
  grant(kAnn, "0000000008", "{}");
  grant(kAnn, kBob, R"({"view":{}})");
}

TEST_F(SharingTest, ADamagedGrantIsAFailureAndNoPermission) {
  store_.put(kAnn, "P" + std::string(kBob), std::string("\x01\x04", 2));
  EXPECT_EQ(sharing_.granted(kAnn, kBob).error().kind, store::Error::Kind::kCorruption);
  store_.put(kAnn, "P" + std::string(kBob), "\x09{}");
  EXPECT_EQ(sharing_.granted_by(kAnn).error().kind, store::Error::Kind::kVersion);
}

TEST_F(SharingTest, AFailedStoreGrantsNothing) {
  store_.fail_updates = true;
  EXPECT_FALSE(sharing_.grant(kAnn, kBob, set(R"({"view":{}})")));
  store_.fail_reads = true;
  EXPECT_FALSE(sharing_.granted(kAnn, kBob));
}

}  // namespace
}  // namespace tideway::account

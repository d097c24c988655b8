#include "dataset/identities.h"

#include <gtest/gtest.h>

#include <cstring>

namespace tideway::dataset {
namespace {

/// An identity whose first eight bytes, by which the set places it, say `start`.
store::Identity identity_of(uint64_t start, uint16_t rest) {
  store::Identity identity{};
  std::memcpy(identity.data(), &start, sizeof start);
  std::memcpy(identity.data() + sizeof start, &rest, sizeof rest);
  return identity;
}

TEST(IdentitySet, IsEmptyAtFirst) {
  IdentitySet identities;
  EXPECT_TRUE(identities.empty());
  EXPECT_FALSE(identities.contains(identity_of(0, 0)));
}

TEST(IdentitySet, ContainsWhatWasInsertedAndNothingElse) {
  IdentitySet identities;
  for (uint16_t i = 0; i < 10'000; ++i) identities.insert(identity_of(i * 2, i));
  for (uint16_t i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(identities.contains(identity_of(i * 2, i)));
    EXPECT_FALSE(identities.contains(identity_of(i * 2 + 1, i)));
    EXPECT_FALSE(identities.contains(identity_of(i * 2, i + 1)));
  }
}

TEST(IdentitySet, TellsIdentitiesApartThatBeginAlike) {
  IdentitySet identities;
  for (uint16_t i = 0; i < 200; ++i) identities.insert(identity_of(UINT64_MAX, i));
  for (uint16_t i = 0; i < 200; ++i) EXPECT_TRUE(identities.contains(identity_of(UINT64_MAX, i)));
  EXPECT_FALSE(identities.contains(identity_of(UINT64_MAX, 200)));
}

TEST(IdentitySet, IsAskedInAnyOrder) {
  IdentitySet identities;
  for (uint64_t i = 0; i < 1000; ++i) identities.insert(identity_of(i % 500, i % 500));
  for (int round = 0; round < 2; ++round) {
    for (uint64_t i = 0; i < 500; ++i) EXPECT_TRUE(identities.contains(identity_of(i, i)));
    for (uint64_t i = 500; i-- > 0;) EXPECT_TRUE(identities.contains(identity_of(i, i)));
    for (uint64_t i = 0; i < 500; ++i)
      EXPECT_TRUE(identities.contains(identity_of(i * 7 % 500, i * 7 % 500)));
    EXPECT_FALSE(identities.contains(identity_of(500, 500)));
  }
  identities.insert(identity_of(500, 500));
  EXPECT_TRUE(identities.contains(identity_of(0, 0)));
  EXPECT_TRUE(identities.contains(identity_of(500, 500)));
}

TEST(IdentitySet, TakesOneTwice) {
  IdentitySet identities;
  for (int i = 0; i < 1000; ++i) identities.insert(identity_of(7, 7));
  EXPECT_TRUE(identities.contains(identity_of(7, 7)));
  EXPECT_FALSE(identities.empty());
}

}  // namespace
}  // namespace tideway::dataset

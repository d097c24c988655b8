#include "dataset/data_set_id.h"

#include <gtest/gtest.h>

#include <set>

#include "base/ids.h"

namespace tideway::dataset {
namespace {

constexpr Bytes16 kKey = {1, 2, 3};
constexpr Bytes16 kOtherKey = {3, 2, 1};

TEST(HintedId, TellsItsUser) {
  const store::IdCipher cipher(kKey);
  for (int i = 0; i < 100; ++i) {
    const std::string user_id = random_user_id();
    const auto id = make_hinted_id(cipher, user_id);
    ASSERT_TRUE(id);
    EXPECT_TRUE(is_data_set_id(*id));
    EXPECT_EQ(hinted_user(cipher, *id), user_id);
  }
}

TEST(HintedId, IsNewEachTime) {
  const store::IdCipher cipher(kKey);
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert(make_hinted_id(cipher, "1a2b3c4d5e").value());
  EXPECT_EQ(ids.size(), 100U);
  // Nothing of the user shows.
  for (const std::string& id : ids) EXPECT_EQ(id.find("1a2b3c4d5e"), id.npos);
}

TEST(HintedId, TellsNothingUnderAnotherKey) {
  const auto id = make_hinted_id(store::IdCipher(kKey), "1a2b3c4d5e");
  EXPECT_EQ(hinted_user(store::IdCipher(kOtherKey), *id), std::nullopt);
}

TEST(HintedId, IsOnlyForUserIdsThatFit) {
  const store::IdCipher cipher(kKey);
  for (const auto user_id : {"", "1a2b3c4d5", "1a2b3c4d5ef", "1A2B3C4D5E", "1a2b3c4d5g",
                             "0a1b2c3d-0000-4000-8000-0123456789ab"}) {
    EXPECT_EQ(make_hinted_id(cipher, user_id), std::nullopt) << user_id;
  }
}

TEST(HintedUser, IsNoneForOtherIds) {
  const store::IdCipher cipher(kKey);
  for (const auto id : {"", "upid_0123456789ab", "0123456789ABCDEF0123456789ABCDEF",
                        "0123456789abcdef0123456789abcdef", "ffffffffffffffffffffffffffffffff"}) {
    EXPECT_EQ(hinted_user(cipher, id), std::nullopt) << id;
  }
}

}  // namespace
}  // namespace tideway::dataset

#include "account/permission_set.h"

#include <gtest/gtest.h>

namespace tideway::account {
namespace {

std::string json_of(const std::string& text) {
  const auto set = parse_permissions(text);
  return set ? set->json : "refused";
}

TEST(ParsePermissions, KeepsWhatItDoesNotKnow) {
  const auto set = parse_permissions(R"({"view":{},"tea":{"b":1,"a":[2]},"note":null})");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->json, R"({"note":null,"tea":{"a":[2],"b":1},"view":{}})");
  EXPECT_EQ(set->known, (Permissions{.view = true, .note = true}));
}

TEST(ParsePermissions, KnowsEveryName) {
  const auto set =
      parse_permissions(R"({"upload":{},"view":{},"custodian":{},"note":{},"follow":{}})");
  ASSERT_TRUE(set);
  EXPECT_EQ(
      set->known,
      (Permissions{.custodian = true, .upload = true, .view = true, .note = true, .follow = true}));
}

TEST(ParsePermissions, NeverGrantsRoot) {
  const auto set = parse_permissions(R"({"root":{}})");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->json, "{}");
  EXPECT_FALSE(set->known.any());
}

TEST(ParsePermissions, TakesAnEmptyBodyForNoPermission) {
  EXPECT_EQ(json_of(""), "{}");
  EXPECT_EQ(json_of(" \n"), "{}");
  EXPECT_EQ(json_of("{}"), "{}");
}

TEST(ParsePermissions, RefusesWhatIsNoObjectOrTooLong) {
  for (const std::string text : {"[]", "null", "\"view\"", "{", "{\"view\"}"}) {
    EXPECT_EQ(parse_permissions(text).error(), PermissionSetError::kMalformed) << text;
  }
  const std::string blanks(kPermissionSetSizeBytesMax, ' ');
  EXPECT_EQ(parse_permissions(blanks + "{}").error(), PermissionSetError::kTooLarge);
}

}  // namespace
}  // namespace tideway::account

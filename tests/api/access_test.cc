// Who may do what with the data of an account: each row of docs/spec/datasets.md 3.
#include "api/access.h"

#include <gtest/gtest.h>

namespace tideway::api {
namespace {

using account::Permissions;

/// Grants the same to everybody.
class Granting final : public account::PermissionSource {
 public:
  explicit Granting(Permissions permissions) : permissions_(permissions) {}

  store::Result<Permissions> granted(std::string_view, std::string_view) const override {
    return permissions_;
  }

 private:
  const Permissions permissions_;
};

class Failing final : public account::PermissionSource {
 public:
  store::Result<Permissions> granted(std::string_view, std::string_view) const override {
    return std::unexpected(store::Error{store::Error::Kind::kUnavailable, "gone"});
  }
};

const Identity kUser = {
    .kind = Identity::Kind::kUser, .user_id = "1", .token_id = {}, .client_id = {}};
const Identity kService = {
    .kind = Identity::Kind::kService, .user_id = {}, .token_id = {}, .client_id = {}};
constexpr std::string_view kOwner = "2";

dataset::DataSet set_of(std::string creator) {
  dataset::DataSet set;
  set.user_id = kOwner;
  set.created_user_id = std::move(creator);
  return set;
}

/// The letters of what the user may: View, List, Upload, Delete all, Delete own sets, Delete
/// others.
std::string rights(Permissions permissions, const Identity& caller = kUser) {
  const Granting source(permissions);
  const Access access(source);
  std::string out;
  if (access.may_view(caller, kOwner).value()) out += 'v';
  if (access.may_list(caller, kOwner).value()) out += 'l';
  if (access.may_upload(caller, kOwner).value()) out += 'u';
  if (access.may_delete(caller, kOwner).value()) out += 'D';
  if (access.may_delete(caller, set_of("1")).value()) out += 'o';
  if (access.may_delete(caller, set_of("2")).value()) out += 'd';
  return out;
}

TEST(Access, FollowsThePermissions) {
  EXPECT_EQ(rights({}), "");
  EXPECT_EQ(rights({.view = true}), "vl");
  EXPECT_EQ(rights({.upload = true}), "luo");
  EXPECT_EQ(rights({.upload = true, .view = true}), "vluo");
  EXPECT_EQ(rights({.custodian = true}), "lDod");
  EXPECT_EQ(rights({.root = true}), "vluDod");
}

TEST(Access, ServicesMayEverythingAndStrangersNothing) {
  EXPECT_EQ(rights({}, kService), "vluDod");
  EXPECT_EQ(rights({.root = true}, Identity()), "");
}

TEST(Access, AFailureIsNoPermission) {
  const Failing source;
  const Access access(source);
  EXPECT_FALSE(access.may_view(kUser, kOwner));
  EXPECT_FALSE(access.may_delete(kUser, set_of("1")));
}

}  // namespace
}  // namespace tideway::api

#include "account/user_codec.h"

#include <gtest/gtest.h>

namespace tideway::account {
namespace {

User example() {
  User user;
  user.id = "3f9c1a7b42";
  user.email = "Rey@Example.org";
  user.full_name = "Rey Palmer";
  user.roles = {"patient", "clinician"};
  user.email_verified = true;
  user.terms_accepted_ms = 1'707'643'800'000;
  user.created_ms = -1;
  user.password_hash = "$argon2id$v=19$…";
  return user;
}

void expect_equal(const User& left, const User& right) {
  EXPECT_EQ(left.id, right.id);
  EXPECT_EQ(left.email, right.email);
  EXPECT_EQ(left.full_name, right.full_name);
  EXPECT_EQ(left.roles, right.roles);
  EXPECT_EQ(left.email_verified, right.email_verified);
  EXPECT_EQ(left.terms_accepted_ms, right.terms_accepted_ms);
  EXPECT_EQ(left.created_ms, right.created_ms);
  EXPECT_EQ(left.password_hash, right.password_hash);
}

TEST(UserCodecTest, ReadsWhatItWrote) {
  const User user = example();
  expect_equal(decode_user(user.id, encode_user(user)).value(), user);
  User bare;
  bare.id = "0000000000";
  expect_equal(decode_user(bare.id, encode_user(bare)).value(), bare);
}

TEST(UserCodecTest, TheBytesAreThoseOfTheGrammar) {
  User user;
  user.email = "a@b.cc";
  user.full_name = "Rey";
  user.password_hash = "hash";
  user.email_verified = true;
  user.terms_accepted_ms = 1;
  user.created_ms = 64;
  user.roles = {"clinic"};
  std::string expected = "\x01";  // version
  expected += "\006a@b.cc\003Rey\004hash";
  expected += "\x01";      // flags
  expected += "\x02";      // terms accepted, zigzag
  expected += "\x80\x01";  // created, zigzag
  expected += "\x01";      // number of roles
  expected += "\006clinic";
  EXPECT_EQ(encode_user(user), expected);
}

TEST(UserCodecTest, EveryCutIsCorruption) {
  const std::string bytes = encode_user(example());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto user = decode_user("3f9c1a7b42", std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(user) << size;
    EXPECT_EQ(user.error().kind, store::Error::Kind::kCorruption) << size;
  }
}

TEST(UserCodecTest, BytesBehindTheEndAreCorruption) {
  const auto user = decode_user("3f9c1a7b42", encode_user(example()) + "x");
  ASSERT_FALSE(user);
  EXPECT_EQ(user.error().kind, store::Error::Kind::kCorruption);
}

TEST(UserCodecTest, AHugeRoleCountEndsWithTheBytes) {
  User user;
  std::string bytes = encode_user(user);
  bytes.back() = '\xff';
  bytes += std::string(8, '\xff') + "\x01";
  const auto decoded = decode_user("3f9c1a7b42", bytes);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, store::Error::Kind::kCorruption);
}

TEST(UserCodecTest, ALaterVersionIsRefusedAsSuch) {
  std::string bytes = encode_user(example());
  bytes[0] = 2;
  const auto user = decode_user("3f9c1a7b42", bytes);
  ASSERT_FALSE(user);
  EXPECT_EQ(user.error().kind, store::Error::Kind::kVersion);
  EXPECT_NE(user.error().message.find("3f9c1a7b42"), std::string::npos);
}

TEST(EmailKeyTest, FoldsAsciiLettersOnly) {
  EXPECT_EQ(email_key("Rey.PALMER@Example.ORG"), "erey.palmer@example.org");
  EXPECT_EQ(fold_email("ÄZ[@`{"), "Äz[@`{");
}

}  // namespace
}  // namespace tideway::account

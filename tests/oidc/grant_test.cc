// Refresh tokens: which number is good when.
#include "oidc/grant.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace tideway::oidc {
namespace {

constexpr int64_t kGrace = 60;
using Verdict = Grant::Verdict;

class RotationTest : public testing::Test {
 protected:
  bool use(uint64_t number, int64_t now_s = 0) {
    return grant_.use(number, now_s, kGrace) == Verdict::kGood;
  }
  Grant grant_{.id = random_id(), .client_id = "xdrip"};
};

TEST_F(RotationTest, EachUseBringsANewOne) {
  EXPECT_EQ(grant_.latest, 1u);
  EXPECT_TRUE(use(1));
  EXPECT_EQ(grant_.latest, 2u);
  EXPECT_TRUE(use(2));
  EXPECT_EQ(grant_.latest, 3u);
}

TEST_F(RotationTest, AnAnswerThatNeverArrivedDoesNotLogOut) {
  EXPECT_TRUE(use(1, 0));
  // Days later: the phone never saw number 2.
  EXPECT_TRUE(use(1, 500'000));
  EXPECT_TRUE(use(1, 900'000));
  EXPECT_EQ(grant_.latest, 4u);
  EXPECT_TRUE(use(4, 900'001));
}

TEST_F(RotationTest, TheOldOneWorksForAShortWhileAfterItsSuccessorWasUsed) {
  EXPECT_TRUE(use(1, 0));
  EXPECT_TRUE(use(2, 100));
  EXPECT_TRUE(use(1, 100 + kGrace)) << "two threads of one client";
  EXPECT_FALSE(use(1, 101 + kGrace));
}

TEST_F(RotationTest, AnOlderOneIsAReplay) {
  EXPECT_TRUE(use(1, 0));
  EXPECT_TRUE(use(2, 1));
  EXPECT_TRUE(use(3, 2));
  EXPECT_FALSE(use(1, 3)) << "not the last but one, grace or not";
}

TEST_F(RotationTest, SiblingsOfAUsedOneDie) {
  EXPECT_TRUE(use(1, 0));    // brings 2, to a thief
  EXPECT_TRUE(use(1, 0));    // brings 3, to the owner
  EXPECT_TRUE(use(3, 10));   // the owner goes on
  EXPECT_FALSE(use(2, 100))  // the thief is found out
      << "used " << grant_.used << " children from " << grant_.children_from;
}

TEST_F(RotationTest, SurvivesItsBytes) {
  grant_.scope = "openid offline_access";
  grant_.auth_time_s = 17;
  grant_.expires_s = 18;
  grant_.secret.fill(7);
  EXPECT_TRUE(use(1, 5));
  const auto read = decode_grant(grant_.id, encode_grant(grant_));
  ASSERT_TRUE(read);
  EXPECT_EQ(encode_grant(*read), encode_grant(grant_));
  EXPECT_EQ(read->scope, grant_.scope);
  EXPECT_EQ(read->secret, grant_.secret);
  EXPECT_EQ(read->grace_until_s, 5 + kGrace);
  EXPECT_FALSE(decode_grant(grant_.id, encode_grant(grant_).substr(1)));
  EXPECT_FALSE(decode_grant(grant_.id, ""));
}

TEST_F(RotationTest, TokensNameTheirGrantAndCannotBeMadeUp) {
  const std::string text = refresh_token_text("0a1b2c3d4e", grant_, 7);
  const auto token = parse_refresh_token(text);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->user_id, "0a1b2c3d4e");
  EXPECT_EQ(token->grant_id, grant_.id);
  EXPECT_EQ(token->number, 7u);
  EXPECT_TRUE(is_authentic(*token, grant_));
  RefreshToken later = *token;
  ++later.number;
  EXPECT_FALSE(is_authentic(later, grant_));
  Grant other = grant_;
  other.secret[0] ^= 1;
  EXPECT_FALSE(is_authentic(*token, other));
  for (const std::string& bad :
       {std::string(), text + ".x", text.substr(1), std::string("r1...."), std::string(300, 'r')}) {
    EXPECT_FALSE(parse_refresh_token(bad)) << bad;
  }
}

}  // namespace
}  // namespace tideway::oidc

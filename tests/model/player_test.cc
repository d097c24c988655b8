// What a player makes of an answer that never came: the moments of the kills are random in
// model_test.cc, not here.
#include "tests/model/player.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tideway::model {
namespace {

constexpr uint64_t kSeed = 1;
constexpr int kRequests = 5'000;

class OnePlayer : public Player {
 public:
  using Player::choose;
  using Player::create;
  using Player::erase;
  using Player::model;
  using Player::perform;
  using Player::Player;
};

/// Its sets are there still, and it must not take one of them for an erased one, of which nothing
/// but the id is known: it would ask a continuous set to close as one asks a normal one.
TEST(PlayerTest, AfterAnEraseThatNeverArrivedTheSetsAreNotErased) {
  Server server;
  OnePlayer player(server, make_user(server, "user@example.org"), kSeed);
  while (player.model().sets().empty() || !player.model().sets().front().continuous) {
    if (!player.model().sets().empty()) player.perform(player.erase());
    player.create();
  }
  const std::string set_id = player.model().sets().front().id;

  server.kill_and_restart();
  player.perform(player.erase());
  ASSERT_EQ(player.lost_answers(), 1U);
  ASSERT_EQ(player.model().sets().size(), 1U);

  int changes = 0;
  for (int i = 0; i < kRequests; ++i) {
    const auto operation = player.choose();
    if (operation.method != "PUT" || !operation.target.ends_with(set_id)) continue;
    player.perform(operation);
    ++changes;
  }
  EXPECT_GT(changes, 0);
  EXPECT_EQ(player.difference(), "");
}

}  // namespace
}  // namespace tideway::model

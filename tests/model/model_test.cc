// Random requests of many clients against the running program and against a model of it
// (model.h). Any difference ends the run, with the requests that led to it.
//
//   TIDEWAY_MODEL_OPERATIONS  how many requests, of all clients together, in either test; see
//                             `make soak`
//   TIDEWAY_MODEL_SEED        repeats a run, but for the moments of the kills
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <random>
#include <thread>

#include "tests/model/player.h"

namespace tideway::model {
namespace {

constexpr size_t kLogBytesShown = 20'000;
constexpr int kPlayers = 32;
constexpr int kOperations = 100'000;

uint64_t number_from(const char* name, uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

class ModelTest : public testing::Test {
 protected:
  void SetUp() override {
    std::cout << "TIDEWAY_MODEL_SEED=" << seed_ << "\n";
    for (int i = 0; i < kPlayers; ++i) {
      players_.emplace_back(server_, make_user(server_, fmt::format("user{}@example.org", i)),
                            seed_ + static_cast<uint64_t>(i));
    }
  }

  /// All players at once; `meanwhile` is called again and again until they are done.
  void play(uint64_t operations, const std::function<void()>& meanwhile) {
    std::atomic<int> playing = kPlayers;
    std::vector<std::jthread> threads;
    for (Player& player : players_) {
      threads.emplace_back([&] {
        player.play(static_cast<int>(operations / kPlayers));
        --playing;
      });
    }
    while (playing > 0) meanwhile();
    threads.clear();
    uint64_t lost = 0;
    for (const Player& player : players_) {
      EXPECT_TRUE(player.difference().empty()) << player.difference();
      lost += player.lost_answers();
    }
    std::cout << operations << " operations, " << lost << " lost answers\n";
    EXPECT_EQ(server_.stop(), 0);
    if (HasFailure()) std::cerr << "The server's log, its end:\n" << log_end();
  }

  std::string log_end() {
    const std::string log = server_.log();
    return log.substr(log.size() - std::min(log.size(), kLogBytesShown));
  }

  const uint64_t seed_ = number_from("TIDEWAY_MODEL_SEED", std::random_device()());
  Server server_;
  std::deque<Player> players_;
};

TEST_F(ModelTest, EveryAnswerIsWhatTheModelSays) {
  play(number_from("TIDEWAY_MODEL_OPERATIONS", kOperations),
       [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); });
}

TEST_F(ModelTest, AlsoWhenTheServerIsKilledAgainAndAgain) {
  std::mt19937_64 random(seed_);
  int kills = 0;
  play(number_from("TIDEWAY_MODEL_OPERATIONS", kOperations), [&] {
    // The random moment is the point of the test, not something to wait for.
    const int delay_ms = std::uniform_int_distribution<int>(20, 1000)(random);
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
    server_.kill_and_restart();
    ++kills;
  });
  std::cout << kills << " kills\n";
  EXPECT_GT(kills, 0);
}

}  // namespace
}  // namespace tideway::model

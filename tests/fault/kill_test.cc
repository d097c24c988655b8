// Kills the server at random moments while clients upload, starts it again on the same data, and
// checks everything that was ever acknowledged (docs/spec/datasets.md 18).
//
// SIGKILL leaves what the system had taken over for writing, so this says nothing about a loss of
// power: that the log is synced before an answer is tested at the store.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include "tests/e2e/daemon.h"
#include "tests/fault/writer.h"

namespace tideway::fault {
namespace {

using e2e::Daemon;
using testing::IsEmpty;

constexpr int kRounds = 50;
constexpr int kUsers = 3;
constexpr int kWritersPerUser = 2;
constexpr const char* kPassword = "correct-horse";
/// Of a start on data that a killed server left behind. It takes a tenth of a second, but the
/// machine may be busy with other things.
constexpr std::chrono::seconds kStartMax{15};
constexpr size_t kLogBytesShown = 20'000;

/// Another one for each run; KILL_TEST_SEED repeats one, as far as timing lets it.
uint64_t choose_seed() {
  const char* text = std::getenv("KILL_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device()();
}

class KillTest : public testing::Test {
 protected:
  ~KillTest() override {
    if (!HasFailure()) return;
    const std::string log = daemon_ ? previous_log_ + daemon_->log() : previous_log_;
    std::cerr << "KILL_TEST_SEED=" << seed_ << "\nThe server's log, its end:\n"
              << log.substr(log.size() - std::min(log.size(), kLogBytesShown));
  }

  void start() {
    if (daemon_) previous_log_ = daemon_->log();
    const auto begun = std::chrono::steady_clock::now();
    daemon_ = std::make_unique<Daemon>(directory_.path() / "data");
    const auto took = std::chrono::steady_clock::now() - begun;
    longest_start_ = std::max<std::chrono::nanoseconds>(longest_start_, took);
  }

  /// Users and their writers; the tokens hold to the end, across all restarts.
  void make_writers() {
    for (int user = 0; user < kUsers; ++user) {
      const std::string email = fmt::format("user{}@example.org", user);
      e2e::add_user(directory_.path() / "data", email, kPassword);
      e2e::ApiClient client(daemon_->port());
      ASSERT_EQ(client.log_in(email, kPassword).status, 200u);
      for (int i = 0; i < kWritersPerUser; ++i) {
        const int number = user * kWritersPerUser + i;
        writers_.emplace_back(number, client.user_id, client.token,
                              seed_ + 1 + static_cast<uint64_t>(number));
        tokens_[client.user_id] = client.token;
      }
    }
  }

  /// Kills the server in the middle of the work of all writers.
  void work_and_kill() {
    std::vector<std::thread> threads;
    for (Writer& writer : writers_) {
      threads.emplace_back([&writer, port = daemon_->port()] { writer.work(port); });
    }
    // The random moment is the point of the test, not something to wait for.
    const int delay_ms = std::uniform_int_distribution<int>(5, 150)(random_);
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
    daemon_->kill();
    for (std::thread& thread : threads) thread.join();
  }

  /// What every user sees against the journals of the user's writers.
  void check() {
    for (const auto& [user_id, token] : tokens_) {
      e2e::ApiClient client(daemon_->port());
      client.token = token;
      client.user_id = user_id;
      const Seen seen(client.fetch());
      std::set<std::string, std::less<>> known;
      for (Writer& writer : writers_) {
        if (writer.user_id() != user_id) continue;
        EXPECT_THAT(writer.surprises(), IsEmpty());
        EXPECT_THAT(writer.journal().check(seen), IsEmpty()) << "of user " << user_id;
        for (const Upload& upload : writer.journal().uploads) known.insert(upload.id);
      }
      for (const auto& [upload_id, records] : seen.records) {
        EXPECT_TRUE(known.contains(upload_id)) << records.size() << " records in " << upload_id;
      }
    }
  }

  void print_summary() {
    size_t uploads = 0, closed = 0, records = 0;
    for (Writer& writer : writers_) {
      uploads += writer.journal().uploads.size();
      closed += static_cast<size_t>(
          std::ranges::count(writer.journal().uploads, Fate::kDone, &Upload::closing));
      records += writer.journal().acknowledged_records();
    }
    std::cout << fmt::format(
        "{} kills, {} data sets, {} of them closed, {} records; longest start {} ms\n", kRounds,
        uploads, closed, records,
        std::chrono::duration_cast<std::chrono::milliseconds>(longest_start_).count());
    // Without work done there is nothing to lose. On a slow machine less is done between two kills.
    EXPECT_GT(closed, 0u);
    EXPECT_GT(records, size_t{kRounds});
  }

  const uint64_t seed_ = choose_seed();
  std::mt19937_64 random_{seed_};
  e2e::TemporaryDirectory directory_;
  std::string previous_log_;
  std::unique_ptr<Daemon> daemon_;
  std::vector<Writer> writers_;
  std::map<std::string, std::string> tokens_;
  std::chrono::nanoseconds longest_start_{0};
};

TEST_F(KillTest, NothingAcknowledgedIsLostAndNothingIsHalfDone) {
  std::cout << "KILL_TEST_SEED=" << seed_ << "\n";
  start();
  ASSERT_NO_FATAL_FAILURE(make_writers());
  for (int round = 1; round <= kRounds; ++round) {
    work_and_kill();
    start();
    check();
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
  EXPECT_LT(longest_start_, kStartMax);
  // A clean stop and start must not change anything either.
  EXPECT_EQ(daemon_->stop(), 0);
  start();
  check();
  print_summary();
}

}  // namespace
}  // namespace tideway::fault

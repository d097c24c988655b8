// Kills the server at random moments while clients store and delete blobs, and starts it again on
// the same data: whatever was acknowledged is there, entirely, and nothing else is, neither in the
// lists nor on the disk (src/blob/files.h).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/e2e/api_client.h"
#include "tests/e2e/daemon.h"
#include "tests/e2e/json_text.h"

namespace tideway::fault {
namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 15;
constexpr int kWriters = 3;
constexpr const char* kPassword = "correct-horse";
constexpr const char* kServiceSecret = "open-sesame";

uint64_t choose_seed() {
  const char* text = std::getenv("KILL_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device()();
}

/// A content that its size and first byte tell apart from all others.
std::string content_of(size_t size, char fill) { return std::string(size, fill); }

struct Known {
  size_t size = 0;
  char fill = 0;
  bool deleting = false;  ///< asked for, without an answer: it may be there or not
};

class BlobKillTest : public testing::Test {
 protected:
  ~BlobKillTest() override {
    if (HasFailure()) {
      std::cerr << "KILL_TEST_SEED=" << seed_ << "\n" << (daemon_ ? daemon_->log() : "");
    }
  }

  void start() {
    const std::vector<std::string> environment = {std::string("TIDEWAY_SERVICE_SECRET=") +
                                                  kServiceSecret};
    daemon_ = std::make_unique<e2e::Daemon>(data_dir(), std::vector<std::string>{}, environment);
  }

  std::string list_path() const { return "/v1/users/" + user_id_ + "/blobs"; }
  static std::string as_service() {
    return e2e::field("X-Tidepool-Service-Secret", kServiceSecret);
  }
  fs::path data_dir() const { return directory_.path() / "data"; }

  /// Stores blobs and deletes some of them until the server is gone.
  void work(uint64_t seed) {
    std::mt19937_64 random(seed);
    e2e::ApiClient client(daemon_->port());
    for (int i = 0; i < 100'000; ++i) {
      const size_t size = random() % 3 == 0 ? 600'000 + random() % 1000 : random() % 5000;
      const char fill = static_cast<char>('a' + random() % 26);
      const auto made =
          client.try_ask("POST", list_path(), content_of(size, fill),
                         as_service() + e2e::field("Content-Type", "application/zip"));
      if (!made) return;
      ASSERT_EQ(made->status, 201u) << made->body;
      const std::string id = e2e::text_at(made->body, "/id");
      const bool deletes = random() % 2 == 0;
      remember(id, {.size = size, .fill = fill, .deleting = deletes});
      if (!deletes) continue;
      const auto deleted = client.try_ask("DELETE", "/v1/blobs/" + id, {}, as_service());
      if (!deleted) return;
      ASSERT_EQ(deleted->status, 204u) << deleted->body;
      forget(id);
    }
  }

  void remember(const std::string& id, Known known) {
    const std::lock_guard lock(mutex_);
    known_[id] = known;
    ++stored_;
  }
  void forget(const std::string& id) {
    const std::lock_guard lock(mutex_);
    known_.erase(id);
    ++deleted_;
  }

  std::set<std::string> listed(e2e::ApiClient& client) const {
    std::set<std::string> ids;
    for (int page = 0;; ++page) {
      const auto reply = client.ask("GET", fmt::format("{}?size=1000&page={}", list_path(), page),
                                    {}, as_service());
      const auto some = e2e::texts_of(reply.body, "/id");
      if (some.empty()) return ids;
      ids.insert(some.begin(), some.end());
    }
  }

  void check() {
    e2e::ApiClient client(daemon_->port());
    const std::set<std::string> ids = listed(client);
    for (auto known = known_.begin(); known != known_.end();) {
      const bool there = ids.contains(known->first);
      EXPECT_TRUE(there || known->second.deleting) << known->first << " is lost";
      known = there ? std::next(known) : known_.erase(known);
    }
    for (const std::string& id : ids) {
      const auto content = client.try_ask("GET", "/v1/blobs/" + id + "/content", {}, as_service());
      ASSERT_TRUE(content.has_value()) << id << " is not whole";
      // One without an answer to its upload is not known, but it is whole: the server has checked.
      const auto known = known_.find(id);
      if (known == known_.end()) {
        known_[id] = {.size = content->body.size(),
                      .fill = content->body.empty() ? 'x' : content->body[0]};
      } else {
        EXPECT_EQ(content->body, content_of(known->second.size, known->second.fill)) << id;
        known->second.deleting = false;
      }
    }
    EXPECT_EQ(files(), ids) << "what lies on the disk is what is listed";
  }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(data_dir() / "blobs")) {
      if (!entry.is_regular_file()) continue;
      EXPECT_NE(entry.path().parent_path().filename(), "pending") << entry.path();
      names.insert(entry.path().filename());
    }
    return names;
  }

  const uint64_t seed_ = choose_seed();
  std::mt19937_64 random_{seed_};
  e2e::TemporaryDirectory directory_;
  std::unique_ptr<e2e::Daemon> daemon_;
  std::string user_id_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;
  size_t stored_ = 0;
  size_t deleted_ = 0;
};

TEST_F(BlobKillTest, ABlobIsThereEntirelyOrNotAtAll) {
  std::cout << "KILL_TEST_SEED=" << seed_ << "\n";
  user_id_ = e2e::add_user(data_dir(), "rey@example.org", kPassword);
  start();
  for (int round = 1; round <= kRounds; ++round) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kWriters; ++i) {
      threads.emplace_back([this, seed = random_()] { work(seed); });
    }
    // The random moment is the point of the test, not something to wait for.
    const int delay_ms = std::uniform_int_distribution<int>(20, 200)(random_);
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
    daemon_->kill();
    for (std::thread& thread : threads) thread.join();
    start();
    check();
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
  std::cout << fmt::format("{} kills, {} blobs stored, {} deleted\n", kRounds, stored_, deleted_);
  EXPECT_GT(stored_, size_t{kRounds});
}

}  // namespace
}  // namespace tideway::fault

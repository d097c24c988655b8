// Kills a process in the middle of its commits, again and again, and looks at what it leaves.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <thread>

#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::store {
namespace {

constexpr int kThreads = 4;
constexpr int kKeysPerCommit = 10;
constexpr const char* kDirectoryVariable = "TIDEWAY_TEST_KILLED_STORE";

std::string value_of(int commit, int key) {
  return std::string(500, static_cast<char>('a' + commit % 26)) + std::to_string(commit) + "/" +
         std::to_string(key);
}

std::string user_of(int thread) { return "user" + std::to_string(thread); }

/// Keys sort by commit, so that the ten of a commit stand together.
std::string key_of(int commit, int key) {
  return std::to_string(1'000'000 + commit) + "/" + std::to_string(key);
}

/// The first commit number that this user has not used yet.
int next_commit(Store& store, const std::string& user) {
  int count = 0;
  const auto reader = store.read(user);
  const auto done = (*reader)->scan({}, {}, [&](std::string_view, std::string_view) {
    ++count;
    return true;
  });
  return done ? count / kKeysPerCommit : 0;
}

/// Appends to the file of acknowledged commits, in one step.
void note_commit(const std::string& directory, int thread, int commit) {
  const int notes = ::open((directory + "-notes").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string note = std::to_string(thread) + " " + std::to_string(commit) + "\n";
  if (::write(notes, note.data(), note.size()) < 0) std::abort();
  ::close(notes);
}

/// Body of the process that is killed: commits from several threads, notes each acknowledged commit
/// in a file (which a kill does not lose), and kills itself once there are `kill_after` of them.
[[noreturn]] void commit_until_killed(const std::string& directory, int kill_after) {
  auto store = RocksDbStore::open(directory);
  if (!store) std::abort();
  std::atomic<int> acknowledged = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int commit = next_commit(**store, user_of(thread));; ++commit) {
        const auto done = (*store)->update(user_of(thread), [&](Transaction& transaction) {
          for (int key = 0; key < kKeysPerCommit; ++key) {
            transaction.put(key_of(commit, key), value_of(commit, key));
          }
          return Outcome::kCommit;
        });
        if (!done) std::abort();
        note_commit(directory, thread, commit);
        if (++acknowledged >= kill_after) ::kill(::getpid(), SIGKILL);
      }
    });
  }
  threads.clear();
  std::abort();  // unreachable: the threads end with the process
}

/// Highest acknowledged commit of each thread, -1 for none.
std::map<int, int> read_notes(const std::string& directory) {
  std::map<int, int> newest;
  for (int thread = 0; thread < kThreads; ++thread) newest[thread] = -1;
  std::ifstream notes(directory + "-notes");
  for (int thread, commit; notes >> thread >> commit;) {
    newest[thread] = std::max(newest[thread], commit);
  }
  return newest;
}

/// Returns the number of commits found.
int expect_whole_commits(Store& store, int thread, int newest_acknowledged) {
  const auto reader = store.read(user_of(thread));
  int count = 0;
  const auto done = (*reader)->scan({}, {}, [&](std::string_view key, std::string_view value) {
    const int commit = count / kKeysPerCommit;
    EXPECT_EQ(key, key_of(commit, count % kKeysPerCommit));
    EXPECT_EQ(value, value_of(commit, count % kKeysPerCommit));
    ++count;
    return true;
  });
  EXPECT_TRUE(done.has_value());
  EXPECT_EQ(count % kKeysPerCommit, 0) << "a commit is there in part";
  const int commits = count / kKeysPerCommit;
  EXPECT_GT(commits, newest_acknowledged) << "an acknowledged commit is lost";
  EXPECT_LE(commits, newest_acknowledged + 2) << "more than the one commit that was under way";
  return commits;
}

TEST(RocksDbRecoveryTest, KilledProcessLeavesEveryAcknowledgedCommitWhole) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // the killed process starts afresh, by exec
  const TemporaryDirectory temporary;
  // The killed process runs this test from its start; the directory must be its parent's.
  ::setenv(kDirectoryVariable, temporary.store_path().c_str(), 0);
  const std::string directory = std::getenv(kDirectoryVariable);
  for (const int kill_after : {1, 10, 37, 100, 2}) {
    EXPECT_EXIT(commit_until_killed(directory, kill_after), testing::KilledBySignal(SIGKILL), "");
    const std::map<int, int> newest = read_notes(directory);
    auto store = RocksDbStore::open(directory);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    for (const auto& [thread, commit] : newest) {
      const int commits = expect_whole_commits(**store, thread, commit);
      // What was seen once must stay, acknowledged or not.
      if (commits > 0) note_commit(directory, thread, commits - 1);
    }
  }
  ::unsetenv(kDirectoryVariable);
}

}  // namespace
}  // namespace tideway::store

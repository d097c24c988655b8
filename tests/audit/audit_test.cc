#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "audit/files.h"
#include "audit/line.h"
#include "audit/log.h"
#include "audit/writer.h"
#include "tests/store/temporary_directory.h"

namespace tideway::audit {
namespace {

using testing::HasSubstr;

Event event(std::string what = "GET /data/{userId}") {
  return {.time_ms = 1'700'000'000'120,
          .who = "user:3f9c1a7b42",
          .what = std::move(what),
          .whose = "a1b2c3d4e5",
          .from = "192.0.2.7",
          .trace = "t1",
          .status = 200};
}

// --- one line ----------------------------------------------------------------------------------

TEST(AuditLine, SaysWhoWhatWhoseWhenWhenceAndWhatCameOfIt) {
  EXPECT_EQ(format_line(7, event(), no_line()),
            R"({"seq":7,"time":"2023-11-14T22:13:20.12Z","who":"user:3f9c1a7b42",)"
            R"("what":"GET /data/{userId}","whose":"a1b2c3d4e5","from":"192.0.2.7","trace":"t1",)"
            R"("status":200,"outcome":"ok","prev":")" +
                std::string(64, '0') + "\"}");
}

TEST(AuditLine, LeavesOutWhatThereIsNotAndTellsOutcomes) {
  for (const auto& [status, outcome] : std::vector<std::pair<int, std::string>>{{307, "ok"},
                                                                                {401, "denied"},
                                                                                {403, "denied"},
                                                                                {429, "denied"},
                                                                                {400, "refused"},
                                                                                {500, "failed"}}) {
    const std::string line = format_line(
        1, {.time_ms = 1, .who = "anonymous", .what = "x", .status = status}, no_line());
    EXPECT_THAT(line, HasSubstr("\"outcome\":\"" + outcome + "\""));
    EXPECT_EQ(line.find("whose"), std::string::npos);
    EXPECT_EQ(line.find("from"), std::string::npos);
  }
}

TEST(AuditLine, StaysOneLineOfJsonWhateverClientsSend) {
  Event strange = event();
  strange.trace = "a\"b\n{\xff\x01";
  const std::string line = format_line(1, strange, no_line());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_THAT(line, HasSubstr("\"trace\":\"a\\\"b\\n{\xef\xbf\xbd\\u0001\""));
}

TEST(AuditLine, ReadsItsLinkBackAndNothingElse) {
  const std::string line = format_line(7, event(), hash_line("before"));
  EXPECT_EQ(read_link(line)->sequence, 7u);
  EXPECT_EQ(read_link(line)->previous, hash_line("before"));
  EXPECT_EQ(hash_line("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (const std::string& bad :
       {std::string(), std::string("{}"), line + " ", line.substr(1),
        line.substr(0, line.size() - 1), format_line(0, event(), no_line()),
        format_line(1, event(), std::string(64, 'G'))}) {
    EXPECT_FALSE(read_link(bad)) << bad;
  }
}

// --- the log on disk ---------------------------------------------------------------------------

class AuditLogTest : public testing::Test {
 protected:
  std::unique_ptr<Log> open(uint64_t file_size = 1 << 20, size_t files = 100) {
    auto log =
        Log::open({.directory = directory_, .file_size_bytes_max = file_size, .files_max = files});
    EXPECT_TRUE(log) << log.error();
    return log ? *std::move(log) : nullptr;
  }

  void write(int count, uint64_t file_size = 1 << 20, size_t files = 100) {
    const auto log = open(file_size, files);
    for (int i = 0; i < count; ++i) {
      log->add(event("event " + std::to_string(i)));
      // Else all of them are one batch, and a batch is not split between files.
      if (file_size < 10'000) {
        EXPECT_TRUE(log->flush());
      }
    }
  }

  std::vector<File> files() { return list_files(directory_).value(); }

  static std::string read(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static void overwrite(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) out.push_back(line + "\n");
    return out;
  }

  /// What verify() says after the lines of the first file were changed.
  template <class Change>
  std::string tampered(Change change) {
    const std::string path = files().front().path;
    const std::string before = read(path);
    auto all = lines(before);
    change(all);
    std::string after;
    for (const std::string& line : all) after += line;
    overwrite(path, after);
    const auto verified = verify(directory_);
    overwrite(path, before);
    return verified ? "unnoticed" : verified.error();
  }

  store::TemporaryDirectory home_;
  const std::string directory_ = home_.store_path();
};

TEST_F(AuditLogTest, IsThereWhenTheLogIsClosedAndGoesOnWhenItIsOpenedAgain) {
  write(3);
  write(2);
  const auto verified = verify(directory_);
  ASSERT_TRUE(verified) << verified.error();
  EXPECT_EQ(verified->lines, 5u);
  EXPECT_EQ(verified->first_sequence, 1u);
  EXPECT_EQ(verified->last_sequence, 5u);
  ASSERT_EQ(files().size(), 1u);
  const auto all = lines(read(files()[0].path));
  EXPECT_THAT(all[2], HasSubstr("event 2"));
  EXPECT_THAT(all[3], HasSubstr("event 0"));
  struct stat status{};
  ASSERT_EQ(::stat(files()[0].path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u) << "nobody else reads who is treated";
}

TEST_F(AuditLogTest, AnEmptyLogIsSound) {
  open();
  const auto verified = verify(directory_);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->lines, 0u);
  EXPECT_EQ(verified->last, no_line());
}

TEST_F(AuditLogTest, EveryTamperingIsNoticed) {
  write(6);
  using Lines = std::vector<std::string>;
  EXPECT_THAT(tampered([](Lines& all) { all[2].replace(all[2].find("200"), 3, "403"); }),
              HasSubstr(":4: the line before this one was changed"));
  EXPECT_THAT(tampered([](Lines& all) { all.erase(all.begin() + 3); }),
              HasSubstr(":4: line number 4 is expected here, not 5"));
  EXPECT_THAT(tampered([](Lines& all) { std::swap(all[1], all[2]); }),
              HasSubstr(":2: line number"));
  EXPECT_THAT(tampered([](Lines& all) { all.insert(all.begin() + 2, all[1]); }),
              HasSubstr(":3: line number 3 is expected here, not 2"));
  EXPECT_THAT(tampered([](Lines& all) { all[5].pop_back(); }), HasSubstr("cut off"));
  EXPECT_THAT(tampered([](Lines& all) { all[4] = "{}\n"; }), HasSubstr(":5: this is no line"));
  EXPECT_THAT(tampered([](Lines& all) { all.erase(all.begin()); }), HasSubstr("another name"));
  EXPECT_TRUE(verify(directory_)) << "what was put back is sound";
}

TEST_F(AuditLogTest, EverySingleCharacterCounts) {
  write(2);
  const std::string path = files().front().path;
  const std::string text = read(path);
  // Of the first line; a change in the last one shows with the next.
  for (size_t i = 0; i + 1 < text.find('\n'); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    overwrite(path, changed);
    EXPECT_FALSE(verify(directory_)) << i;
  }
}

TEST_F(AuditLogTest, AnAnchorShowsWhatAChainCannot) {
  write(4);
  const Hash anchor = verify(directory_)->last;
  write(2);
  EXPECT_TRUE(verify(directory_, anchor)->anchor_found);
  // The end cut away: a sound chain, but not the one that there was.
  const std::string path = files().front().path;
  auto all = lines(read(path));
  overwrite(path, all[0] + all[1] + all[2]);
  const auto cut = verify(directory_, anchor);
  ASSERT_TRUE(cut);
  EXPECT_FALSE(cut->anchor_found);
}

TEST_F(AuditLogTest, RotatesAndForgetsTheOldest) {
  write(12, 600, 3);
  const auto left = files();
  ASSERT_EQ(left.size(), 3u);
  const auto verified = verify(directory_);
  ASSERT_TRUE(verified) << verified.error();
  EXPECT_EQ(verified->last_sequence, 12u);
  EXPECT_GT(verified->first_sequence, 1u);
  EXPECT_EQ(verified->first_sequence, left.front().first_sequence);
  // The middle may not be missing.
  std::filesystem::remove(left[1].path);
  EXPECT_FALSE(verify(directory_));
}

TEST_F(AuditLogTest, ALineThatACrashCutOffIsTakenAway) {
  write(3);
  const std::string path = files().front().path;
  const std::string whole = read(path);
  for (const size_t kept : {whole.size() - 1, whole.size() - 40, size_t{5}, size_t{0}}) {
    overwrite(path, whole.substr(0, kept));
    write(1);
    const auto verified = verify(directory_);
    ASSERT_TRUE(verified) << verified.error();
    EXPECT_EQ(verified->lines, kept > 40 ? 3u : 1u);
  }
}

TEST_F(AuditLogTest, AFileThatWasBegunAndNothingMoreGoesOnWithTheChain) {
  write(3, 300);
  const uint64_t next = verify(directory_)->last_sequence + 1;
  overwrite(file_path(directory_, next), "");
  write(2);
  const auto verified = verify(directory_);
  ASSERT_TRUE(verified) << verified.error();
  EXPECT_EQ(verified->lines, 5u);
}

TEST_F(AuditLogTest, TwoProcessesDoNotWriteOneLog) {
  const auto log = open();
  const auto second = Log::open({.directory = directory_});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("another process"));
}

TEST_F(AuditLogTest, WhatIsNoLogIsNotContinued) {
  write(1);
  overwrite(files().front().path, "something else\n");
  EXPECT_FALSE(Log::open({.directory = directory_}));
}

TEST_F(AuditLogTest, ManyThreadsLoseNothing) {
  {
    const auto log = open(50'000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) log->add(event());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(log->flush());
    EXPECT_EQ(verify(directory_)->lines, 4000u) << "flushed is on disk, the log still open";
  }
  EXPECT_EQ(verify(directory_)->lines, 4000u);
}

TEST_F(AuditLogTest, AddingNeverWaitsAndWhatIsLostIsCounted) {
  const auto log = open();
  // More than the queue holds, faster than any disk: each call returns at once.
  const size_t count = kEventsMax + 10'000;
  for (size_t i = 0; i < count; ++i) log->add(event());
  EXPECT_TRUE(log->flush());
  EXPECT_TRUE(log->flush());
  const auto verified = verify(directory_);
  ASSERT_TRUE(verified) << verified.error();
  uint64_t lost = 0;
  uint64_t notices = 0;
  for (const File& file : files()) {
    for (const std::string& line : lines(read(file.path))) {
      const size_t at = line.find(" events were lost");
      if (at == std::string::npos) continue;
      ++notices;
      lost += std::stoull(line.substr(line.rfind('"', at) + 1));
    }
  }
  EXPECT_EQ(verified->lines - notices + lost, count);
}

TEST_F(AuditLogTest, AWriterThatFailedLeavesNoHalf) {
  auto writer = Writer::open({.directory = directory_, .file_size_bytes_max = 1});
  ASSERT_TRUE(writer);
  const std::vector<Event> one = {event()};
  ASSERT_TRUE((*writer)->write(one));
  // The next line needs a new file, which cannot be made where a directory has its name.
  const std::string next = file_path(directory_, 2);
  std::filesystem::create_directory(next);
  EXPECT_FALSE((*writer)->write(one));
  std::filesystem::remove(next);
  ASSERT_TRUE((*writer)->write(one));
  EXPECT_EQ(verify(directory_)->lines, 2u);
}

}  // namespace
}  // namespace tideway::audit

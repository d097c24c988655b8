#include "blob/blobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/store/memory_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::blob {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

constexpr std::string_view kUser = "0a1b2c3d4e";

class BlobsTest : public testing::Test {
 protected:
  Blob add(std::string_view content, Kind kind = Kind::kBlob, int64_t now_ms = 1000) {
    auto upload = blobs_->begin_upload().value();
    EXPECT_TRUE(upload->append(content));
    EXPECT_TRUE(upload->finish());
    Blob blob;
    blob.user_id = kUser;
    blob.kind = kind;
    blob.media_type = "text/plain";
    return blobs_->add(std::move(upload), blob, now_ms).value();
  }

  std::string read(const Blob& blob) {
    auto content = blobs_->content(blob).value();
    std::string out;
    while (content->next(out).value()) {
    }
    return out;
  }

  std::vector<std::string> ids(Kind kind, const ListFilter& filter = {}, ListPage page = {}) {
    std::vector<std::string> ids;
    const auto blobs = blobs_->list(kind, kUser, filter, page).value();
    for (const Blob& blob : blobs) {
      ids.push_back(blob.id);
    }
    return ids;
  }

  /// All files, by their paths from the directory.
  std::set<std::string> files() const {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory())) {
      if (entry.is_regular_file()) {
        files.insert(fs::relative(entry.path(), directory()).string());
      }
    }
    return files;
  }

  std::string directory() const { return home_.store_path(); }
  std::string path_of(const Blob& blob) const {
    return directory() + "/" + blob.id.substr(0, 2) + "/" + blob.id;
  }
  static std::string stored(const Blob& blob) { return blob.id.substr(0, 2) + "/" + blob.id; }

  void restart() { blobs_ = std::make_unique<Blobs>(store_, directory()); }

  store::TemporaryDirectory home_;
  store::MemoryStore store_;
  std::unique_ptr<Blobs> blobs_ = std::make_unique<Blobs>(store_, directory());
};

TEST_F(BlobsTest, GivesBackWhatWasStored) {
  const Blob blob = add("hello");
  EXPECT_EQ(blob.size_bytes, 5u);
  EXPECT_EQ(blob.digest_md5, "XUFAKrxLKna5cZ2REBfFkg==");
  EXPECT_EQ(blobs_->find(Kind::kBlob, blob.id).value(), blob);
  EXPECT_EQ(read(blob), "hello");
  EXPECT_EQ(read(add("")), "");
}

TEST_F(BlobsTest, ReadsLongContentInParts) {
  std::string content;
  for (int i = 0; i < 200'000; ++i) content += std::to_string(i);
  auto upload = blobs_->begin_upload().value();
  for (size_t at = 0; at < content.size(); at += 100'003) {
    ASSERT_TRUE(upload->append(std::string_view(content).substr(at, 100'003)));
  }
  ASSERT_TRUE(upload->finish());
  Blob draft;
  draft.user_id = kUser;
  const Blob blob = blobs_->add(std::move(upload), draft, 1).value();
  EXPECT_EQ(blob.size_bytes, content.size());
  EXPECT_EQ(read(blob), content);
}

TEST_F(BlobsTest, IsForTheOwnerOfTheServerAlone) {
  const Blob blob = add("secret");
  struct stat status{};
  ASSERT_EQ(stat(path_of(blob).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(directory().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(BlobsTest, ListsNewestFirstByPage) {
  const Blob one = add("1", Kind::kBlob, 1000);
  const Blob three = add("3", Kind::kBlob, 3000);
  const Blob two = add("2", Kind::kBlob, 2000);
  const Blob log = add("log", Kind::kDeviceLog, 2500);
  EXPECT_THAT(ids(Kind::kBlob), ElementsAre(three.id, two.id, one.id));
  EXPECT_THAT(ids(Kind::kDeviceLog), ElementsAre(log.id));
  EXPECT_THAT(ids(Kind::kBlob, {}, {.number = 1, .size = 2}), ElementsAre(one.id));
  EXPECT_THAT(ids(Kind::kBlob, {}, {.number = UINT64_MAX, .size = 2}), IsEmpty());
  ListFilter filter;
  filter.media_types = {"image/png"};
  EXPECT_THAT(ids(Kind::kBlob, filter), IsEmpty());
  filter.media_types = {"image/png", "text/plain"};
  EXPECT_THAT(ids(Kind::kBlob, filter), ElementsAre(three.id, two.id, one.id));
}

TEST_F(BlobsTest, FiltersLogsByWhatTheyCover) {
  auto upload = blobs_->begin_upload().value();
  ASSERT_TRUE(upload->finish());
  Blob draft;
  draft.user_id = kUser;
  draft.kind = Kind::kDeviceLog;
  draft.start_time = "2024-05-01T10:00:00+02:00";
  draft.end_time = "2024-05-01T09:00:00Z";
  const Blob log = blobs_->add(std::move(upload), draft, 1).value();
  const int64_t start_ms = 1'714'550'400'000;
  const int64_t end_ms = start_ms + 3'600'000;
  const auto found = [&](std::optional<int64_t> from, std::optional<int64_t> until) {
    return !ids(Kind::kDeviceLog, {.media_types = {}, .start_at_ms = from, .end_at_ms = until})
                .empty();
  };
  EXPECT_TRUE(found(start_ms, {}));
  EXPECT_FALSE(found(start_ms + 1, {}));
  EXPECT_TRUE(found({}, end_ms + 1));
  EXPECT_FALSE(found({}, end_ms));
}

TEST_F(BlobsTest, AKindDoesNotFindTheOther) {
  const Blob log = add("log", Kind::kDeviceLog);
  EXPECT_FALSE(blobs_->find(Kind::kBlob, log.id).value().has_value());
  EXPECT_TRUE(blobs_->find(Kind::kDeviceLog, log.id).value().has_value());
  EXPECT_FALSE(blobs_->find(Kind::kBlob, "../../../../../../etc/passwd0000").value().has_value());
}

TEST_F(BlobsTest, NothingIsLeftOfARemovedBlob) {
  const Blob blob = add("hello");
  const Blob other = add("other");
  auto content = blobs_->content(blob).value();
  ASSERT_TRUE(blobs_->remove(blob));
  EXPECT_FALSE(blobs_->find(Kind::kBlob, blob.id).value().has_value());
  EXPECT_THAT(files(), ElementsAre(stored(other)));
  // Who had begun to read it reads it to the end.
  std::string out;
  EXPECT_FALSE(content->next(out).value());
  EXPECT_EQ(out, "hello");
  EXPECT_TRUE(blobs_->remove(blob)) << "somebody else was faster";
  ASSERT_TRUE(blobs_->remove(other));
  EXPECT_TRUE(store_.entries(kUser).empty());
  EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
}

TEST_F(BlobsTest, AnAccountIsForgottenWithAllItsFiles) {
  add("1");
  add("2", Kind::kDeviceLog);
  ASSERT_TRUE(blobs_->forget_account(kUser));
  EXPECT_THAT(files(), IsEmpty());
  EXPECT_TRUE(store_.entries(kUser).empty());
}

TEST_F(BlobsTest, AnUploadThatIsGivenUpLeavesNothing) {
  {
    auto upload = blobs_->begin_upload().value();
    ASSERT_TRUE(upload->append("half"));
    EXPECT_EQ(files().size(), 1u);
  }
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(BlobsTest, OnlySoManyUploadsAtOnce) {
  std::vector<std::unique_ptr<Upload>> uploads;
  for (uint32_t i = 0; i < kUploadsMax; ++i) uploads.push_back(blobs_->begin_upload().value());
  EXPECT_EQ(blobs_->begin_upload().value(), nullptr);
  uploads.pop_back();
  EXPECT_NE(blobs_->begin_upload().value(), nullptr);
}

TEST_F(BlobsTest, AStartClearsAwayUploadsThatWereKilled) {
  // As a kill leaves them: no destructor runs.
  auto upload = blobs_->begin_upload().value();
  ASSERT_TRUE(upload->append("half"));
  upload->keep();
  upload.reset();
  const Blob blob = add("whole");
  restart();
  EXPECT_EQ(blobs_->recover(), 1u);
  EXPECT_THAT(files(), ElementsAre(stored(blob)));
  EXPECT_EQ(read(blob), "whole");
  EXPECT_EQ(blobs_->recover(), 0u);
}

TEST_F(BlobsTest, AStartClearsAwayContentWithoutAnEntry) {
  // Stopped before each of the two commits.
  for (int commits = 0; commits < 2; ++commits) {
    auto upload = blobs_->begin_upload().value();
    ASSERT_TRUE(upload->append("orphan"));
    ASSERT_TRUE(upload->finish());
    int updates = 0;
    store_.before_update = [&](std::string_view) {
      if (++updates == commits) store_.fail_updates = true;
    };
    if (commits == 0) store_.fail_updates = true;
    Blob draft;
    draft.user_id = kUser;
    EXPECT_FALSE(blobs_->add(std::move(upload), draft, 1));
    store_.before_update = nullptr;
    store_.fail_updates = false;
    EXPECT_EQ(files().size(), 2u) << "content and mark";
    restart();
    EXPECT_EQ(blobs_->recover(), 1u);
    EXPECT_THAT(files(), IsEmpty());
    EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
  }
}

TEST_F(BlobsTest, AStartFinishesWhatWasCommitted) {
  const Blob blob = add("whole");
  // As if killed before the mark was removed.
  fs::create_hard_link(path_of(blob), directory() + "/pending/" + blob.id);
  restart();
  EXPECT_EQ(blobs_->recover(), 1u);
  EXPECT_THAT(files(), ElementsAre(stored(blob)));
  EXPECT_EQ(read(*blobs_->find(Kind::kBlob, blob.id).value()), "whole");
}

TEST_F(BlobsTest, AStartFinishesDeletions) {
  const Blob blob = add("hello");
  int updates = 0;
  // Killed behind the commit that takes the entry away.
  store_.before_update = [&](std::string_view) {
    if (++updates == 1) store_.fail_updates = true;
  };
  EXPECT_FALSE(blobs_->remove(blob));
  store_.before_update = nullptr;
  store_.fail_updates = false;
  EXPECT_FALSE(blobs_->find(Kind::kBlob, blob.id).value().has_value());
  restart();
  EXPECT_EQ(blobs_->recover(), 1u);
  EXPECT_THAT(files(), IsEmpty());
  EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
}

TEST_F(BlobsTest, ADeletionThatFailedKeepsTheBlob) {
  const Blob blob = add("hello");
  store_.fail_updates = true;
  EXPECT_FALSE(blobs_->remove(blob));
  store_.fail_updates = false;
  EXPECT_EQ(read(*blobs_->find(Kind::kBlob, blob.id).value()), "hello");
  restart();
  EXPECT_EQ(blobs_->recover(), 1u);
  EXPECT_EQ(read(*blobs_->find(Kind::kBlob, blob.id).value()), "hello");
}

TEST_F(BlobsTest, ARecoveryLeavesStrangersAlone) {
  add("x");
  std::ofstream(directory() + "/pending/README") << "not ours";
  EXPECT_EQ(blobs_->recover(), 0u);
  EXPECT_TRUE(fs::exists(directory() + "/pending/README"));
}

TEST_F(BlobsTest, DamagedContentIsNotServedToItsEnd) {
  const Blob blob = add(std::string(600'000, 'a'));
  fs::permissions(path_of(blob), fs::perms::owner_all);
  {
    std::fstream file(path_of(blob), std::ios::in | std::ios::out);
    file.seekp(10);
    file << 'b';
  }
  auto content = blobs_->content(blob).value();
  std::string out;
  EXPECT_TRUE(content->next(out).value());
  EXPECT_TRUE(content->next(out).value());
  const auto last = content->next(out);
  ASSERT_FALSE(last);
  EXPECT_THAT(last.error().message, HasSubstr("another checksum"));
  fs::resize_file(path_of(blob), 10);
  EXPECT_EQ(blobs_->content(blob).error().kind, store::Error::Kind::kCorruption);
  fs::remove(path_of(blob));
  EXPECT_FALSE(blobs_->content(blob));
}

TEST_F(BlobsTest, WithoutADirectoryThereAreNone) {
  Blobs blobs(store_, "");
  EXPECT_FALSE(blobs.begin_upload());
  EXPECT_FALSE(blobs.begin_upload()) << "and none is counted as running";
}

TEST(BlobCodec, ReadsBackWhatItWrote) {
  Blob blob;
  blob.id = "0123456789abcdefghijklmnopqrstuv";
  blob.user_id = kUser;
  blob.kind = Kind::kDeviceLog;
  blob.digest_md5 = "XUFAKrxLKna5cZ2REBfFkg==";
  blob.media_type = "application/x; charset=utf-8";
  blob.size_bytes = kSizeBytesMax;
  blob.created_ms = 1'714'550'400'123;
  blob.start_time = "2024-05-01T10:00:00+02:00";
  blob.end_time = "2024-05-01T11:00:00Z";
  const std::string bytes = encode_blob(blob);
  EXPECT_EQ(decode_blob(kUser, blob_key(blob), bytes), blob);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_blob(kUser, blob_key(blob), bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_blob(kUser, "F", bytes));
  EXPECT_FALSE(decode_place(blob.id, ""));
}

TEST(Md5, IsRecognised) {
  EXPECT_TRUE(is_md5("XUFAKrxLKna5cZ2REBfFkg=="));
  EXPECT_TRUE(is_md5("1B2M2Y8AsgTpgAmY7PhCfg=="));
  for (const std::string_view bad :
       {"", "null", "XUFAKrxLKna5cZ2REBfFkg", "XUFAKrxLKna5cZ2REBfFkh==",
        "XUFAKrxLKna5cZ2REBfF====", " XUFAKrxLKna5cZ2REBfFkg=", "XUFAKrxLKna5cZ2REBfFkg==\n",
        "XUFAKrxLKna5cZ2REBfFkgAA"}) {
    EXPECT_FALSE(is_md5(bad)) << bad;
  }
}

}  // namespace
}  // namespace tideway::blob

// Damages the files of a store. A damaged store may refuse to open or to read; what it does give
// must be what was written.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::store {
namespace {

namespace fs = std::filesystem;

constexpr int kCommits = 20;

std::string key_of(int commit) { return "key" + std::to_string(100 + commit); }

std::string value_of(int commit) {
  std::string value;
  while (value.size() < 1000) value += std::to_string(commit * 7919 + value.size());
  return value;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// A store with kCommits commits, and a copy of its files as they were while it was open.
class RocksDbCorruptionTest : public testing::Test {
 protected:
  void make_image(bool in_table_files) {
    auto store = RocksDbStore::open(temporary_.store_path());
    ASSERT_TRUE(store.has_value());
    for (int commit = 0; commit < kCommits; ++commit) {
      const auto done = (*store)->update("u", [&](Transaction& transaction) {
        transaction.put(key_of(commit), value_of(commit));
        return Outcome::kCommit;
      });
      ASSERT_TRUE(done.has_value());
    }
    if (in_table_files) {
      ASSERT_TRUE((*store)->flush().has_value());
    }
    fs::copy(temporary_.store_path(), image_, fs::copy_options::recursive);
  }

  fs::path largest_file(std::string_view extension) {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(image_)) {
      if (entry.path().extension() != extension) continue;
      if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
    }
    EXPECT_FALSE(largest.empty());
    return largest;
  }

  /// Opens a copy of the image in which the file has other bytes.
  Result<std::unique_ptr<RocksDbStore>> open_damaged(const fs::path& file,
                                                     const std::string& bytes) {
    fs::remove_all(damaged_);
    fs::copy(image_, damaged_, fs::copy_options::recursive);
    write_file(damaged_ / file.filename(), bytes);
    return RocksDbStore::open(damaged_);
  }

  TemporaryDirectory temporary_;
  fs::path image_ = temporary_.store_path() + "-image";
  fs::path damaged_ = temporary_.store_path() + "-damaged";
};

struct Findings {
  int right = 0;
  int missing = 0;
  int refused = 0;
};

/// Reads all commits one by one and by scan. Wrong values fail the test.
Findings read_all(Store& store) {
  Findings findings;
  const auto reader = store.read("u");
  for (int commit = 0; commit < kCommits; ++commit) {
    const auto value = (*reader)->get(key_of(commit));
    if (!value) {
      EXPECT_EQ(value.error().kind, Error::Kind::kCorruption);
      ++findings.refused;
    } else if (!value->has_value()) {
      // Commits are a sequence: one that is missing is followed by none.
      ++findings.missing;
    } else {
      EXPECT_EQ(**value, value_of(commit));
      EXPECT_EQ(findings.missing, 0);
      ++findings.right;
    }
  }
  int scanned = 0;
  const auto done = (*reader)->scan({}, {}, [&](std::string_view key, std::string_view value) {
    EXPECT_EQ(key, key_of(scanned));
    EXPECT_EQ(value, value_of(scanned));
    ++scanned;
    return true;
  });
  if (done) {
    EXPECT_EQ(scanned, kCommits - findings.missing);
  } else {
    EXPECT_EQ(done.error().kind, Error::Kind::kCorruption);
  }
  return findings;
}

TEST_F(RocksDbCorruptionTest, FlippedByteInATableFileIsNeverServed) {
  make_image(true);
  const fs::path file = largest_file(".sst");
  const std::string intact = read_file(file);
  int detected = 0;
  for (size_t at = 0; at < intact.size(); at += intact.size() / 60) {
    std::string damaged = intact;
    damaged[at] ^= 0x10;
    auto store = open_damaged(file, damaged);
    if (!store) {
      EXPECT_EQ(store.error().kind, Error::Kind::kCorruption) << store.error().message;
      ++detected;
      continue;
    }
    const Findings findings = read_all(**store);
    EXPECT_EQ(findings.missing, 0) << "flip at " << at;
    if (findings.refused > 0) ++detected;
  }
  // Nearly all of the file is values; the rest may be statistics that nobody reads.
  EXPECT_GT(detected, 40);
}

TEST_F(RocksDbCorruptionTest, TruncatedTableFileIsNeverServed) {
  make_image(true);
  const fs::path file = largest_file(".sst");
  const std::string intact = read_file(file);
  for (const size_t size : {size_t{0}, intact.size() / 2, intact.size() - 1}) {
    EXPECT_FALSE(open_damaged(file, intact.substr(0, size)).has_value());
  }
}

TEST_F(RocksDbCorruptionTest, FlippedByteInTheLogNeverMakesWrongData) {
  make_image(false);
  const fs::path file = largest_file(".log");
  const std::string intact = read_file(file);
  ASSERT_GT(intact.size(), kCommits * value_of(0).size());
  int detected = 0;
  for (size_t at = 0; at < intact.size(); at += intact.size() / 60) {
    std::string damaged = intact;
    damaged[at] ^= 0x10;
    auto store = open_damaged(file, damaged);
    if (!store) {
      EXPECT_EQ(store.error().kind, Error::Kind::kCorruption) << store.error().message;
      ++detected;
      continue;
    }
    // A damaged length reads like a record torn off by the end of the file.
    EXPECT_EQ(read_all(**store).refused, 0);
  }
  EXPECT_GT(detected, 50);
}

TEST_F(RocksDbCorruptionTest, TornEndOfTheLogIsDropped) {
  make_image(false);
  const fs::path file = largest_file(".log");
  const std::string intact = read_file(file);
  int right_before = kCommits;
  for (size_t cut = 0; cut < intact.size(); cut += 700) {
    auto store = open_damaged(file, intact.substr(0, intact.size() - cut));
    ASSERT_TRUE(store.has_value()) << store.error().message;
    const Findings findings = read_all(**store);
    EXPECT_EQ(findings.refused, 0);
    EXPECT_LE(findings.right, right_before);
    // Each commit has somewhat more than 1000 bytes, of which the torn one is lost.
    EXPECT_GE(findings.right, kCommits - static_cast<int>(cut / 1000) - 1);
    right_before = findings.right;
  }
  EXPECT_LE(right_before, 1);
}

}  // namespace
}  // namespace tideway::store

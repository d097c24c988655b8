#include "server/gzip.h"

#include <gtest/gtest.h>

#include <random>

namespace tideway::server {
namespace {

const auto kAlways = [](uint64_t) { return true; };

std::string random_text(size_t size, unsigned seed) {
  std::mt19937 generator(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(generator());
  return text;
}

std::string unzipped(std::string_view bytes) {
  return gunzip(bytes, 1 << 30, kAlways).value_or("not gzip");
}

TEST(Gzip, ComesBackWhateverTheSize) {
  for (const size_t size : {0, 1, 2, 255, 256, 4095, 32768, 65536, 65537, 1000000}) {
    const std::string noise = random_text(size, static_cast<unsigned>(size));
    EXPECT_EQ(unzipped(gzip(noise)), noise) << size;
    const std::string dull(size, 'x');
    EXPECT_EQ(unzipped(gzip(dull)), dull) << size;
  }
}

TEST(Gzip, IsTheGzipFormatAndMakesTextSmaller) {
  const std::string zipped = gzip(std::string(10000, 'a'));
  EXPECT_EQ(zipped.substr(0, 3), "\x1f\x8b\x08");
  EXPECT_LT(zipped.size(), 200U);
}

TEST(GzipWriter, PiecesComeBackAsOne) {
  std::string out;
  std::string all;
  GzipWriter writer;
  for (unsigned i = 0; i < 50; ++i) {
    const std::string piece = random_text(i * 397, i);
    all += piece;
    writer.write(piece, out);
  }
  writer.finish(out);
  EXPECT_EQ(unzipped(out), all);
}

TEST(GzipWriter, NothingIsAnEmptyMember) {
  std::string out;
  GzipWriter writer;
  writer.write("", out);
  writer.finish(out);
  EXPECT_EQ(unzipped(out), "");
}

TEST(Gunzip, TakesSeveralMembers) {
  EXPECT_EQ(unzipped(gzip("one ") + gzip("") + gzip("two")), "one two");
}

TEST(Gunzip, KnowsTheLimitToTheByte) {
  const std::string zipped = gzip(std::string(100'000, 'z'));
  EXPECT_EQ(gunzip(zipped, 100'000, kAlways)->size(), 100'000U);
  EXPECT_EQ(gunzip(zipped, 99'999, kAlways).error(), GunzipFailure::kTooLarge);
  EXPECT_EQ(gunzip(zipped, 0, kAlways).error(), GunzipFailure::kTooLarge);
}

TEST(Gunzip, StopsABombEarly) {
  const std::string bomb = gzip(std::string(64 << 20, '\0'));
  uint64_t grown = 0;
  const auto result = gunzip(bomb, 1 << 20, [&](uint64_t added) {
    grown += added;
    return true;
  });
  EXPECT_EQ(result.error(), GunzipFailure::kTooLarge);
  EXPECT_LE(grown, 1U << 20);
}

TEST(Gunzip, AsksBeforeItGrows) {
  const std::string zipped = gzip(std::string(300'000, 'q'));
  uint64_t left = 200'000;
  const auto result = gunzip(zipped, 1 << 20, [&](uint64_t added) {
    if (added > left) return false;
    left -= added;
    return true;
  });
  EXPECT_EQ(result.error(), GunzipFailure::kRefused);
}

TEST(Gunzip, RefusesEveryTruncation) {
  const std::string zipped = gzip("some text that is long enough to have a body");
  for (size_t size = 0; size < zipped.size(); ++size) {
    EXPECT_EQ(gunzip(zipped.substr(0, size), 1000, kAlways).error(), GunzipFailure::kMalformed)
        << size;
  }
}

TEST(Gunzip, RefusesWhatIsNotGzip) {
  std::string damaged = gzip(std::string(1000, 'a') + "b");
  damaged[damaged.size() - 6] ^= 1;  // the checksum
  for (const std::string& bytes : {std::string("[]"), gzip("a") + "tail", damaged}) {
    EXPECT_EQ(gunzip(bytes, 10'000, kAlways).error(), GunzipFailure::kMalformed);
  }
}

}  // namespace
}  // namespace tideway::server

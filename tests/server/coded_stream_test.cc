#include "server/coded_stream.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <random>

#include "server/gzip.h"
#include "server/zstd.h"
#include "tests/server/test_stream.h"

namespace tideway::server {
namespace {

std::string unzstd(std::string_view bytes) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                   ZSTD_freeDCtx);
  // What a reader that keeps to RFC 9659 bears.
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23);
  std::string out;
  std::string piece(1000, ' ');
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  size_t left = 1;
  while (left != 0) {
    ZSTD_outBuffer to{piece.data(), piece.size(), 0};
    left = ZSTD_decompressStream(context.get(), &to, &in);
    if (ZSTD_isError(left)) return ZSTD_getErrorName(left);
    out.append(piece, 0, to.pos);
    if (in.pos == in.size && to.pos < piece.size() && left != 0) return "cut short";
  }
  return in.pos == in.size ? out : "followed by something";
}

std::string decoded(std::string_view bytes, Coding coding) {
  if (coding == Coding::kIdentity) return std::string(bytes);
  if (coding == Coding::kZstd) return unzstd(bytes);
  return gunzip(bytes, 10'000'000, [](uint64_t) { return true; }).value();
}

std::string random_text(size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 26);
  return text;
}

TEST(Zstd, ComesBack) {
  for (const size_t size : {0, 1, 1000, 1'000'000}) {
    const std::string text = random_text(size, 1);
    EXPECT_EQ(unzstd(zstd(text)), text);
  }
}

TEST(ZstdWriter, PiecesComeBackAsOne) {
  ZstdWriter writer;
  std::string text;
  std::string out;
  for (unsigned i = 0; i < 300; ++i) {
    const std::string piece = random_text(i * 37 % 5000, i);
    writer.write(piece, out);
    text += piece;
  }
  writer.finish(out);
  EXPECT_EQ(unzstd(out), text);
}

TEST(ZstdWriter, NothingIsAnEmptyFrame) {
  ZstdWriter writer;
  std::string out;
  writer.write("", out);
  writer.finish(out);
  EXPECT_EQ(unzstd(out), "");
}

class CodedStreamTest : public testing::TestWithParam<Coding> {};

TEST_P(CodedStreamTest, CodesWhatTheStreamYields) {
  std::vector<std::string> chunks;
  std::string all;
  for (unsigned i = 0; i < 200; ++i) all += chunks.emplace_back(random_text(3000, i));
  const auto stream = coded_stream(std::make_unique<TestStream>(chunks), GetParam());
  std::string coded;
  std::string chunk = "left over";
  int count = 0;
  auto next = BodyStream::Next::kMore;
  while (next == BodyStream::Next::kMore) {
    next = stream->next(chunk);
    // An empty chunk would end the response.
    EXPECT_TRUE(!chunk.empty() || next == BodyStream::Next::kEnd);
    coded += chunk;
    ++count;
  }
  EXPECT_EQ(next, BodyStream::Next::kEnd);
  EXPECT_EQ(decoded(coded, GetParam()), all);
  EXPECT_GT(count, 2);  // it does not wait for the end
}

TEST_P(CodedStreamTest, FailsWhereTheStreamFails) {
  const auto stream = coded_stream(std::make_unique<TestStream>(std::vector<std::string>{"a", "b"},
                                                                TestStream::Ending::kFailure),
                                   GetParam());
  std::string chunk;
  auto next = BodyStream::Next::kMore;
  while (next == BodyStream::Next::kMore) next = stream->next(chunk);
  EXPECT_EQ(next, BodyStream::Next::kFailed);
}

INSTANTIATE_TEST_SUITE_P(Codings, CodedStreamTest,
                         testing::Values(Coding::kIdentity, Coding::kGzip, Coding::kZstd));

}  // namespace
}  // namespace tideway::server

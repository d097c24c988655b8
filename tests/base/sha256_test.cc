#include "base/sha256.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>
#include <vector>

namespace tideway {
namespace {

Sha256 expected(std::string_view text) {
  Sha256 digest;
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

std::vector<Sha256> digests_of(const std::vector<std::string>& texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<Sha256> digests(texts.size());
  sha256(views, digests);
  return digests;
}

/// Not the same byte over and over, so that no mix-up of words goes unnoticed.
std::string text_of(size_t size, unsigned seed) {
  std::string text;
  for (unsigned state = seed + 1; text.size() < size;) {
    state = state * 1'103'515'245 + 12'345;
    text += static_cast<char>(state >> 16);
  }
  return text;
}

TEST(Sha256, OfNothing) { sha256({}, {}); }

TEST(Sha256, OfOneText) {
  for (size_t size = 0; size < 300; ++size) {
    const std::string text = text_of(size, 1);
    EXPECT_EQ(digests_of({text}).front(), expected(text)) << size;
  }
}

// Each pair of sizes around those at which the number of blocks changes.
TEST(Sha256, OfTwoTexts) {
  const std::vector<size_t> sizes = {0, 1, 31, 54, 55, 56, 63, 64, 65, 118, 119, 120, 128, 200};
  for (const size_t first : sizes) {
    for (const size_t second : sizes) {
      const std::vector<std::string> texts = {text_of(first, 1), text_of(second, 2)};
      const auto digests = digests_of(texts);
      EXPECT_EQ(digests[0], expected(texts[0])) << first << ' ' << second;
      EXPECT_EQ(digests[1], expected(texts[1])) << first << ' ' << second;
    }
  }
}

TEST(Sha256, OfManyTexts) {
  std::vector<std::string> texts;
  for (unsigned i = 0; i < 501; ++i) texts.push_back(text_of(i * 37 % 150, i));
  const auto digests = digests_of(texts);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(digests[i], expected(texts[i])) << i;
}

}  // namespace
}  // namespace tideway

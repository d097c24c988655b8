// FIPS 180-4. A message is padded to whole blocks of 64 bytes; each block changes the state, eight
// words a … h, in 64 rounds, of which an instruction does two. The instructions want the state as
// two vectors, a b e f and c d g h. An instruction waits for the one before it, so two messages
// take turns.
#include "base/sha256.h"

#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <stdexcept>

#include "base/short_text.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace tideway {
namespace {

/// A digest context made once per thread: fetching SHA-256 anew costs several times the hashing.
EVP_MD_CTX* digest_context() {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context = [] {
    std::unique_ptr<EVP_MD_CTX, Free> made(EVP_MD_CTX_new());
    if (!made || EVP_DigestInit_ex(made.get(), EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error("OpenSSL offers no SHA-256");
    }
    return made;
  }();
  return context.get();
}

void digest_any(std::string_view text, Sha256& digest) {
  EVP_MD_CTX* const context = digest_context();
  const bool done = EVP_DigestInit_ex(context, nullptr, nullptr) == 1 &&
                    EVP_DigestUpdate(context, text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
  if (!done) throw std::runtime_error("SHA-256 failed");
}

#if defined(__x86_64__)

constexpr size_t kBlockBytes = 64;
constexpr size_t kShortBytesMax = 2 * kBlockBytes - 9;

alignas(64) constexpr std::array<uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// A short message with its padding.
struct Message {
  alignas(16) std::array<uint8_t, 2 * kBlockBytes> bytes{};
  size_t block_count;

  explicit Message(std::string_view text) : block_count(text.size() + 9 > kBlockBytes ? 2 : 1) {
    copy_short(reinterpret_cast<char*>(bytes.data()), text);
    bytes[text.size()] = 0x80;
    const size_t bits = text.size() * 8;  // fits the last two bytes
    bytes[block_count * kBlockBytes - 2] = static_cast<uint8_t>(bits >> 8);
    bytes[block_count * kBlockBytes - 1] = static_cast<uint8_t>(bits);
  }
};

#define TIDEWAY_SHA __attribute__((target("sha,sse4.1,ssse3"), always_inline)) inline

struct Lane {
  __m128i abef;
  __m128i cdgh;
  __m128i words[4];
};

TIDEWAY_SHA void begin(Lane& lane) {
  lane.abef = _mm_set_epi32(0x6a09e667, static_cast<int>(0xbb67ae85), 0x510e527f,
                            static_cast<int>(0x9b05688c));
  lane.cdgh = _mm_set_epi32(0x3c6ef372, static_cast<int>(0xa54ff53a), 0x1f83d9ab, 0x5be0cd19);
}

TIDEWAY_SHA __m128i to_big_endian(__m128i words) {
  return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

TIDEWAY_SHA void load(Lane& lane, const uint8_t* block) {
  for (int i = 0; i < 4; ++i) {
    lane.words[i] = to_big_endian(_mm_load_si128(reinterpret_cast<const __m128i*>(block) + i));
  }
}

/// Rounds 4 × `step` to 4 × `step` + 3, and the words of the message that later ones need.
TIDEWAY_SHA void four_rounds(Lane& lane, int step) {
  __m128i* const words = lane.words;
  const __m128i now = words[step & 3];
  __m128i sum = _mm_add_epi32(
      now, _mm_load_si128(reinterpret_cast<const __m128i*>(kRoundConstants.data()) + step));
  lane.cdgh = _mm_sha256rnds2_epu32(lane.cdgh, lane.abef, sum);
  if (step >= 3 && step <= 14) {
    __m128i& next = words[(step + 1) & 3];
    next = _mm_add_epi32(next, _mm_alignr_epi8(now, words[(step - 1) & 3], 4));
    next = _mm_sha256msg2_epu32(next, now);
  }
  sum = _mm_shuffle_epi32(sum, 0x0e);
  lane.abef = _mm_sha256rnds2_epu32(lane.abef, lane.cdgh, sum);
  if (step >= 1 && step <= 12) {
    words[(step - 1) & 3] = _mm_sha256msg1_epu32(words[(step - 1) & 3], now);
  }
}

TIDEWAY_SHA void compress(Lane& first, const uint8_t* first_block, Lane& second,
                          const uint8_t* second_block) {
  const Lane first_before = first;
  const Lane second_before = second;
  load(first, first_block);
  load(second, second_block);
#pragma GCC unroll 16
  for (int step = 0; step < 16; ++step) {
    four_rounds(first, step);
    four_rounds(second, step);
  }
  first.abef = _mm_add_epi32(first.abef, first_before.abef);
  first.cdgh = _mm_add_epi32(first.cdgh, first_before.cdgh);
  second.abef = _mm_add_epi32(second.abef, second_before.abef);
  second.cdgh = _mm_add_epi32(second.cdgh, second_before.cdgh);
}

TIDEWAY_SHA void finish(const Lane& lane, Sha256& digest) {
  const __m128i feba = _mm_shuffle_epi32(lane.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(lane.cdgh, 0xb1);
  auto* const out = reinterpret_cast<__m128i*>(digest.data());
  _mm_storeu_si128(out, to_big_endian(_mm_blend_epi16(feba, dchg, 0xf0)));
  _mm_storeu_si128(out + 1, to_big_endian(_mm_alignr_epi8(dchg, feba, 8)));
}

__attribute__((target("sha,sse4.1,ssse3"))) void digest_two(std::string_view first_text,
                                                            std::string_view second_text,
                                                            Sha256& first_digest,
                                                            Sha256& second_digest) {
  const Message first(first_text);
  const Message second(second_text);
  Lane first_lane;
  Lane second_lane;
  begin(first_lane);
  begin(second_lane);
  compress(first_lane, first.bytes.data(), second_lane, second.bytes.data());
  if (first.block_count == 1) finish(first_lane, first_digest);
  if (second.block_count == 1) finish(second_lane, second_digest);
  if (first.block_count == 1 && second.block_count == 1) return;
  compress(first_lane, first.bytes.data() + kBlockBytes, second_lane,
           second.bytes.data() + kBlockBytes);
  if (first.block_count == 2) finish(first_lane, first_digest);
  if (second.block_count == 2) finish(second_lane, second_digest);
}

bool has_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 &&
         (b & bit_SHA) != 0;
}

#endif

}  // namespace

void sha256(std::span<const std::string_view> texts, std::span<Sha256> digests) {
  size_t at = 0;
#if defined(__x86_64__)
  static const bool is_fast = has_instructions();
  while (is_fast && at < texts.size()) {
    // The last one of an odd number is hashed beside itself.
    const size_t other = at + 1 < texts.size() ? at + 1 : at;
    if (texts[at].size() > kShortBytesMax || texts[other].size() > kShortBytesMax) {
      digest_any(texts[at], digests[at]);
      ++at;
      continue;
    }
    Sha256 second;
    digest_two(texts[at], texts[other], digests[at], second);
    digests[other] = second;
    at = other + 1;
  }
#endif
  for (; at < texts.size(); ++at) digest_any(texts[at], digests[at]);
}

}  // namespace tideway

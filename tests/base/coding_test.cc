#include "base/coding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace tideway {
namespace {

using namespace std::string_literals;

template <class Put, class T>
std::string encoded(Put put, T value) {
  std::string out;
  put(out, value);
  return out;
}

TEST(Coding, WritesFixedIntegersLittleEndian) {
  EXPECT_EQ(encoded(put_fixed32, 0x01020304u), "\x04\x03\x02\x01");
  EXPECT_EQ(encoded(put_fixed64, uint64_t{0x0102030405060708}), "\x08\x07\x06\x05\x04\x03\x02\x01");
}

TEST(Coding, WritesBigEndianWhereTheNameSaysSo) {
  EXPECT_EQ(encoded(put_big_endian32, 0x01020304u), "\x01\x02\x03\x04");
  EXPECT_EQ(encoded(put_big_endian64, uint64_t{0x0102030405060708}),
            "\x01\x02\x03\x04\x05\x06\x07\x08");
}

TEST(Coding, BigEndianSortsLikeTheNumber) {
  std::vector<uint32_t> numbers = {0,     1,          255,        256,       65535,
                                   65536, 0x7fffffff, 0x80000000, UINT32_MAX};
  std::vector<std::string> keys;
  for (const uint32_t number : numbers) keys.push_back(encoded(put_big_endian32, number));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
}

TEST(Coding, WritesVarintsInSevenBits) {
  EXPECT_EQ(encoded(put_varint, uint64_t{0}), "\0"s);
  EXPECT_EQ(encoded(put_varint, uint64_t{127}), "\x7f");
  EXPECT_EQ(encoded(put_varint, uint64_t{128}), "\x80\x01");
  EXPECT_EQ(encoded(put_varint, uint64_t{300}), "\xac\x02");
  EXPECT_EQ(encoded(put_varint, UINT64_MAX), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(Coding, WritesSignedVarintsInZigzag) {
  EXPECT_EQ(encoded(put_signed_varint, int64_t{0}), "\0"s);
  EXPECT_EQ(encoded(put_signed_varint, int64_t{-1}), "\x01");
  EXPECT_EQ(encoded(put_signed_varint, int64_t{1}), "\x02");
  EXPECT_EQ(encoded(put_signed_varint, int64_t{-64}), "\x7f");
  EXPECT_EQ(encoded(put_signed_varint, INT64_MIN), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(Coding, ReadsBackVarintsOfEveryLength) {
  for (unsigned bits = 0; bits < 64; ++bits) {
    for (const uint64_t value :
         {uint64_t{1} << bits, (uint64_t{1} << bits) - 1, UINT64_MAX >> bits}) {
      const std::string bytes = encoded(put_varint, value);
      Decoder in(bytes);
      EXPECT_EQ(in.varint(), value);
      EXPECT_TRUE(in.at_end());
      const std::string zigzag = encoded(put_signed_varint, static_cast<int64_t>(value));
      Decoder signed_in(zigzag);
      EXPECT_EQ(signed_in.signed_varint(), static_cast<int64_t>(value));
      EXPECT_TRUE(signed_in.at_end());
    }
  }
}

/// One value of each kind.
std::string sample() {
  std::string out = "\x7e";
  put_fixed32(out, 0xdeadbeef);
  put_fixed64(out, 0x0123456789abcdef);
  put_big_endian32(out, 17);
  put_big_endian64(out, 18);
  put_varint(out, 1'000'000);
  put_signed_varint(out, -1'000'000);
  put_bytes(out, "bytes");
  put_bytes(out, "");
  out += "raw";
  return out;
}

bool read_sample(Decoder& in) {
  bool equal = in.byte() == 0x7e;
  equal &= in.fixed32() == 0xdeadbeef;
  equal &= in.fixed64() == 0x0123456789abcdef;
  equal &= in.big_endian32() == 17;
  equal &= in.big_endian64() == 18;
  equal &= in.varint() == 1'000'000;
  equal &= in.signed_varint() == -1'000'000;
  equal &= in.bytes() == "bytes";
  equal &= in.bytes().empty();
  equal &= in.raw(3) == "raw";
  return equal;
}

TEST(Decoder, ReadsWhatWasPut) {
  const std::string bytes = sample();
  Decoder in(bytes);
  EXPECT_TRUE(read_sample(in));
  EXPECT_TRUE(in.at_end());
}

TEST(Decoder, SeesEveryTruncation) {
  const std::string bytes = sample();
  for (size_t size = 0; size < bytes.size(); ++size) {
    Decoder in(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(read_sample(in));
    EXPECT_FALSE(in.ok()) << size;
    EXPECT_FALSE(in.at_end()) << size;
  }
}

TEST(Decoder, GivesZerosBehindAnError) {
  Decoder in(
      "\x05"
      "ab");
  EXPECT_EQ(in.bytes(), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.byte(), 0);
  EXPECT_EQ(in.fixed64(), 0U);
  EXPECT_EQ(in.varint(), 0U);
  EXPECT_EQ(in.raw(0), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.rest(), "");
}

TEST(Decoder, RefusesVarintsWithoutAnEnd) {
  const std::string endless(20, '\xff');
  Decoder in(endless);
  EXPECT_EQ(in.varint(), 0U);
  EXPECT_FALSE(in.ok());
}

TEST(Decoder, RefusesLengthsBeyondTheInput) {
  std::string bytes;
  put_varint(bytes, UINT64_MAX);
  bytes += "x";
  Decoder in(bytes);
  EXPECT_EQ(in.bytes(), "");
  EXPECT_FALSE(in.ok());
}

TEST(Decoder, ShowsWhatIsLeft) {
  Decoder in("abc");
  EXPECT_EQ(in.rest(), "abc");
  EXPECT_EQ(in.byte(), 'a');
  EXPECT_EQ(in.rest(), "bc");
  EXPECT_TRUE(in.ok());
  EXPECT_FALSE(in.at_end());
}

}  // namespace
}  // namespace tideway

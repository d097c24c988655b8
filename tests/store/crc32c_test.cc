#include "store/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tideway::store {
namespace {

// RFC 3720, B.4.
TEST(Crc32cTest, MatchesThePublishedExamples) {
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
  for (const auto function : {crc32c, crc32c_by_table}) {
    EXPECT_EQ(function(""), 0u);
    EXPECT_EQ(function("123456789"), 0xe3069283);
    EXPECT_EQ(function(std::string(32, '\0')), 0x8a9136aa);
    EXPECT_EQ(function(std::string(32, '\xff')), 0x62a8ab43);
    EXPECT_EQ(function(ascending), 0x46dd794e);
  }
}

TEST(Crc32cTest, InstructionAndTableAgreeForAllSmallSizesAndOffsets) {
  std::string bytes(100, '\0');
  std::mt19937 random(1);
  for (char& byte : bytes) byte = static_cast<char>(random());
  for (size_t start = 0; start < 9; ++start) {
    for (size_t size = 0; size + start <= bytes.size(); ++size) {
      const auto part = std::string_view(bytes).substr(start, size);
      ASSERT_EQ(crc32c(part), crc32c_by_table(part)) << start << " " << size;
    }
  }
}

}  // namespace
}  // namespace tideway::store

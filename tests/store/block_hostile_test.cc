// Bytes that are no block, or no longer one: damage must be found, and nothing may crash or
// allocate without bound, not even when the checksum is right.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/coding.h"
#include "store/block.h"
#include "store/block_format.h"
#include "store/crc32c.h"
#include "tests/store/block_samples.h"

namespace tideway::store {
namespace {

constexpr size_t kFirstSlotAt = 18;
constexpr size_t kCountAt = 22;

/// A small block that has each part of the grammar.
std::string sample_block(Coding coding = Coding::kZstd) {
  BlockBuilder builder(kSampleNonce);
  for (int i = 0; i < 3; ++i) {
    SampleRecord record = sample_cbg(i);
    if (i == 1) record.id = "0123456789abcdef0123456789abcdef";
    if (i != 1) record.identity.emplace().fill(static_cast<uint8_t>(i));
    if (i == 2) record.identity_rest.emplace().fill(static_cast<uint8_t>(i));
    record.add_to(builder);
  }
  return builder.finish(coding);
}

/// Replaces the checksum by the right one, as a hostile writer would.
std::string resealed(std::string bytes) {
  bytes.resize(bytes.size() - kBlockChecksumBytes);
  put_fixed32(bytes, crc32c(bytes));
  return bytes;
}

void set_fixed32(std::string& bytes, size_t at, uint32_t value) {
  std::string encoded;
  put_fixed32(encoded, value);
  bytes.replace(at, encoded.size(), encoded);
}

Error::Kind open_error(std::string bytes) {
  const Result<Block> block = Block::open(std::move(bytes));
  EXPECT_FALSE(block.has_value());
  return block ? Error::Kind{} : block.error().kind;
}

/// Uses everything that can be read. That the block is refused, here or when opened, is as good as
/// that it is not: sanitizers watch.
void use_all(Result<Block> block) {
  if (!block) return;
  size_t total = 0;
  for (size_t slot = 0; slot < block->count(); ++slot) {
    total += block->type(slot).size() + block->sub_type(slot).size() +
             block->device_id(slot).size() + block->id(slot).size() + block->flags(slot);
    if (const Identity* identity = block->identity(slot)) total += identity->back();
    if (const IdentityRest* rest = block->identity_rest(slot)) total += rest->back();
    if (const Result<BlockRecord> record = block->record(slot)) {
      total += static_cast<size_t>(std::ranges::count(record->text, 'x'));
    }
  }
  EXPECT_LT(total, size_t{1} << 40);
}

TEST(BlockHostileTest, EveryChangedByteIsFound) {
  const std::string intact = sample_block();
  for (size_t at = 0; at < intact.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xff}) {
      std::string damaged = intact;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      ASSERT_EQ(open_error(damaged), Error::Kind::kCorruption) << "byte " << at;
    }
  }
}

TEST(BlockHostileTest, EveryTruncationIsFound) {
  const std::string intact = sample_block();
  for (size_t size = 0; size < intact.size(); ++size) {
    ASSERT_EQ(open_error(intact.substr(0, size)), Error::Kind::kCorruption) << "size " << size;
  }
  EXPECT_EQ(open_error(intact + '\0'), Error::Kind::kCorruption);
}

TEST(BlockHostileTest, AnotherVersionIsRefusedAsSuch) {
  std::string bytes = sample_block();
  for (const char version : {2, 3, 5}) {
    bytes[0] = version;
    EXPECT_EQ(open_error(resealed(bytes)), Error::Kind::kVersion);
  }
}

TEST(BlockHostileTest, HeadersThatLieAreRefused) {
  for (const Coding coding : {Coding::kZstd, Coding::kPlain}) {
    const std::string intact = sample_block(coding);
    for (size_t field = 0; field < 6; ++field) {
      const size_t at = kFirstSlotAt + 4 * field;
      const uint32_t right = Decoder(std::string_view(intact).substr(at)).fixed32();
      for (const uint32_t lie : {0u, 1u, right - 1, right + 1, 1025u, 1u << 28, (1u << 28) + 65,
                                 1u << 31, UINT32_MAX - 100, UINT32_MAX}) {
        if (lie == right) continue;
        std::string bytes = intact;
        set_fixed32(bytes, at, lie);
        EXPECT_EQ(open_error(resealed(bytes)), Error::Kind::kCorruption) << field << " " << lie;
      }
    }
  }
}

TEST(BlockHostileTest, ChangedBytesUnderARightChecksumDoNoHarm) {
  for (const Coding coding : {Coding::kZstd, Coding::kPlain}) {
    const std::string intact = sample_block(coding);
    for (size_t at = 1; at + kBlockChecksumBytes < intact.size(); ++at) {
      for (int value = 0; value < 256; value += 5) {
        std::string bytes = intact;
        bytes[at] = static_cast<char>(value);
        use_all(Block::open(resealed(bytes)));
      }
    }
  }
}

TEST(BlockHostileTest, DamagedTextIsFoundWhenItIsRead) {
  std::string bytes = sample_block();
  const uint32_t columns = Decoder(std::string_view(bytes).substr(kCountAt + 8)).fixed32();
  const uint32_t text = Decoder(std::string_view(bytes).substr(kCountAt + 16)).fixed32();
  const size_t text_start = kBlockHeaderBytes + columns;
  for (size_t at = text_start; at < text_start + text; ++at) bytes[at] = '\x5a';
  Result<Block> block = Block::open(resealed(bytes));
  ASSERT_TRUE(block.has_value());
  EXPECT_EQ(block->type(0), "cbg");
  const Result<BlockRecord> record = block->record(0);
  ASSERT_FALSE(record.has_value());
  EXPECT_EQ(record.error().kind, Error::Kind::kCorruption);
  const Result<BlockBuilder> builder = BlockBuilder::extend(*block);
  ASSERT_FALSE(builder.has_value());
  EXPECT_EQ(builder.error().kind, Error::Kind::kCorruption);
}

TEST(BlockHostileTest, DamagedColumnsDoNoHarm) {
  BlockDictionaries<std::string> dictionaries{{"cbg"}, {""}, {"device", ""}};
  std::vector<BlockRow> rows(4);
  rows[1] = {.time_ms = -5,
             .segment_sizes = {1, 2, 300, 4},
             .device_id = 1,
             .id = 1,
             .identity = 1,
             .identity_rest = 1};
  const std::string ids(kExplicitIdBytes, 'i');
  const std::string intact = encode_columns(dictionaries, rows, ids);
  ASSERT_TRUE(decode_columns(intact, rows.size()).has_value());
  for (size_t size = 0; size < intact.size(); ++size) {
    EXPECT_FALSE(decode_columns(intact.substr(0, size), rows.size()).has_value());
  }
  EXPECT_FALSE(decode_columns(intact + "x", rows.size()).has_value());
  for (size_t at = 0; at < intact.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = intact;
      bytes[at] = static_cast<char>(value);
      const Result<DecodedColumns> columns = decode_columns(bytes, rows.size());
      if (!columns) continue;
      for (const BlockRow& row : columns->rows) {
        ASSERT_LT(row.type, columns->dictionaries.types.size());
        ASSERT_LT(row.sub_type, columns->dictionaries.sub_types.size());
        ASSERT_LT(row.device_id, columns->dictionaries.device_ids.size());
        ASSERT_LE(row.id * kExplicitIdBytes, columns->ids.size());
        ASSERT_LE(row.identity, columns->identity_count);
        ASSERT_LE(row.identity_rest, columns->identity_rest_count);
      }
    }
  }
}

TEST(BlockHostileTest, SummariesThatAreNoneAreRefused) {
  BlockBuilder builder(kSampleNonce);
  for (int i = 0; i < 5; ++i) sample_cbg(i).add_to(builder);
  const std::string intact = builder.summary().encode();
  ASSERT_TRUE(BlockSummary::decode(intact).has_value());
  for (size_t size = 0; size < intact.size(); ++size) {
    EXPECT_EQ(BlockSummary::decode(intact.substr(0, size)).error().kind, Error::Kind::kCorruption);
  }
  EXPECT_EQ(BlockSummary::decode(intact + "x").error().kind, Error::Kind::kCorruption);
  EXPECT_EQ(BlockSummary::decode("\x06" + intact.substr(1)).error().kind, Error::Kind::kVersion);
  for (size_t at = 1; at < intact.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = intact;
      bytes[at] = static_cast<char>(value);
      const Result<BlockSummary> summary = BlockSummary::decode(bytes);
      if (!summary) continue;
      EXPECT_LE(summary->count, kBlockRecordsMax);
      EXPECT_LE(summary->types.size(), summary->count);
    }
  }
}

}  // namespace
}  // namespace tideway::store

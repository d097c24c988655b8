// Blocks that are stored in pieces.

#include <gtest/gtest.h>

#include "store/block.h"
#include "tests/store/block_samples.h"

namespace tideway::store {
namespace {

Block opened(std::string bytes) {
  Result<Block> block = Block::open(std::move(bytes));
  EXPECT_TRUE(block.has_value()) << block.error().message;
  return std::move(*block);
}

Block make_piece(uint32_t first_slot, const std::vector<SampleRecord>& records,
                 Coding coding = Coding::kPlain) {
  BlockBuilder builder =
      first_slot == 0 ? BlockBuilder(kSampleNonce) : BlockBuilder::piece(first_slot);
  for (const SampleRecord& record : records) record.add_to(builder);
  return opened(builder.finish(coding));
}

void expect_holds(Block& block, const std::vector<SampleRecord>& records) {
  ASSERT_EQ(block.count(), records.size());
  EXPECT_EQ(block.nonce(), kSampleNonce);
  EXPECT_EQ(block.first_slot(), 0U);
  for (size_t slot = 0; slot < records.size(); ++slot) {
    const Result<BlockRecord> record = block.record(slot);
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->time_ms, records[slot].time_ms);
    EXPECT_EQ(record->added_ms, records[slot].added_ms);
    EXPECT_EQ(record->type, records[slot].type);
    EXPECT_EQ(record->sub_type, records[slot].sub_type);
    EXPECT_EQ(record->device_id, records[slot].device_id);
    EXPECT_EQ(record->id, records[slot].id);
    EXPECT_EQ(record->flags, records[slot].flags);
    EXPECT_EQ(record->identity, records[slot].identity);
    EXPECT_EQ(record->identity_rest, records[slot].identity_rest);
    EXPECT_EQ(record->text, records[slot].text());
  }
}

TEST(BlockPieces, PlainSectionsReadBack) {
  std::mt19937 random(1);
  std::vector<SampleRecord> records;
  for (int i = 0; i < 20; ++i) records.push_back(sample_random(random));
  Block block = make_piece(0, records);
  expect_holds(block, records);
  Block moved = std::move(block);
  expect_holds(moved, records);
}

TEST(BlockPieces, JoinAsTheBlockThatWasNeverCut) {
  for (uint32_t seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    std::vector<SampleRecord> all;
    std::vector<Block> pieces;
    for (int i = 0; i < 5; ++i) {
      std::vector<SampleRecord> some;
      for (uint32_t n = 1 + random() % 8; n > 0; --n) some.push_back(sample_random(random));
      pieces.push_back(make_piece(static_cast<uint32_t>(all.size()), some,
                                  random() % 2 == 0 ? Coding::kPlain : Coding::kZstd));
      all.insert(all.end(), some.begin(), some.end());
    }
    Result<Block> joined = joined_block(std::move(pieces));
    ASSERT_TRUE(joined.has_value()) << "seed " << seed;
    expect_holds(*joined, all);
  }
}

TEST(BlockPieces, MustFollowOneAnother) {
  const auto error_of = [](auto... first_slots) {
    std::vector<Block> pieces;
    (pieces.push_back(make_piece(first_slots, {sample_cbg(0), sample_cbg(1)})), ...);
    const Result<Block> joined = joined_block(std::move(pieces));
    return joined ? std::string() : joined.error().message;
  };
  EXPECT_EQ(error_of(0U, 2U, 4U), "");
  EXPECT_NE(error_of(0U, 4U), "");
  EXPECT_NE(error_of(0U, 2U, 2U), "");
  EXPECT_NE(error_of(0U, 0U), "");
  EXPECT_NE(error_of(2U), "");
  EXPECT_NE(error_of(0U, 1U), "");
}

TEST(BlockPieces, AreNoMoreThanABlockMayHold) {
  BlockBuilder further = BlockBuilder::piece(600);
  for (int i = 0; i < 600; ++i) sample_cbg(i).add_to(further);
  EXPECT_FALSE(Block::open(further.finish(Coding::kPlain)).has_value());
}

TEST(BlockPieces, KeepTheirFirstSlotAndHaveNoNonce) {
  BlockBuilder builder = BlockBuilder::piece(7);
  sample_cbg(0).add_to(builder);
  std::string bytes = builder.finish();
  const Block piece = opened(bytes);
  EXPECT_EQ(piece.first_slot(), 7U);
  EXPECT_EQ(piece.nonce(), Bytes16{});
}

TEST(BlockPieces, SummariesAddUp) {
  std::mt19937 random(5);
  BlockBuilder whole(kSampleNonce);
  BlockSummary sum;
  for (int i = 0; i < 6; ++i) {
    BlockBuilder piece =
        i == 0 ? BlockBuilder(kSampleNonce) : BlockBuilder::piece(static_cast<uint32_t>(sum.count));
    for (int n = 0; n < 4; ++n) {
      const SampleRecord record = sample_random(random);
      record.add_to(whole);
      record.add_to(piece);
    }
    sum.add(piece.summary());
  }
  BlockSummary expected = whole.summary();
  expected.loose_pieces = 6;
  EXPECT_EQ(BlockSummary::decode(sum.encode())->encode(), expected.encode());
  EXPECT_EQ(sum.identities, expected.identities);
}

}  // namespace
}  // namespace tideway::store

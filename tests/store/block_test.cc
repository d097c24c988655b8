#include "store/block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "tests/store/block_samples.h"

namespace tideway::store {
namespace {

using testing::ElementsAre;

void expect_record(Block& block, size_t slot, const SampleRecord& expected) {
  EXPECT_EQ(block.time_ms(slot), expected.time_ms);
  EXPECT_EQ(block.added_ms(slot), expected.added_ms);
  EXPECT_EQ(block.type(slot), expected.type);
  EXPECT_EQ(block.sub_type(slot), expected.sub_type);
  EXPECT_EQ(block.device_id(slot), expected.device_id);
  EXPECT_EQ(block.id(slot), expected.id);
  EXPECT_EQ(block.flags(slot), expected.flags);
  ASSERT_EQ(block.identity(slot) != nullptr, expected.identity.has_value());
  if (expected.identity) {
    EXPECT_EQ(*block.identity(slot), *expected.identity);
  }
  ASSERT_EQ(block.identity_rest(slot) != nullptr, expected.identity_rest.has_value());
  if (expected.identity_rest) {
    EXPECT_EQ(*block.identity_rest(slot), *expected.identity_rest);
  }
  const Result<BlockRecord> read = block.record(slot);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  expected.with_record([&](const BlockRecord& record) {
    EXPECT_EQ(read->time_ms, record.time_ms);
    EXPECT_EQ(read->added_ms, record.added_ms);
    EXPECT_EQ(read->type, record.type);
    EXPECT_EQ(read->sub_type, record.sub_type);
    EXPECT_EQ(read->device_id, record.device_id);
    EXPECT_EQ(read->id, record.id);
    EXPECT_EQ(read->flags, record.flags);
    EXPECT_EQ(read->identity, record.identity);
    EXPECT_EQ(read->identity_rest, record.identity_rest);
    EXPECT_EQ(read->segment_sizes, record.segment_sizes);
    EXPECT_EQ(read->text, record.text);
    const RecordText shown = block.text(slot);
    EXPECT_EQ(shown.segment_sizes, record.segment_sizes);
    EXPECT_EQ(shown.text, record.text);
  });
}

Block open_block(const std::string& bytes) {
  Result<Block> block = Block::open(bytes);
  if (!block) throw std::runtime_error(block.error().message);
  return *std::move(block);
}

std::string block_of(const std::vector<SampleRecord>& records) {
  BlockBuilder builder(kSampleNonce);
  for (const SampleRecord& record : records) record.add_to(builder);
  return builder.finish();
}

void expect_round_trip(const std::vector<SampleRecord>& records) {
  Block block = open_block(block_of(records));
  EXPECT_EQ(block.nonce(), kSampleNonce);
  ASSERT_EQ(block.count(), records.size());
  for (size_t slot = 0; slot < records.size(); ++slot) expect_record(block, slot, records[slot]);
}

TEST(BlockTest, EmptyBlock) {
  expect_round_trip({});
  EXPECT_EQ(BlockBuilder(kSampleNonce).summary().count, 0u);
}

TEST(BlockTest, OneRecordWithNothing) { expect_round_trip({SampleRecord{}}); }

TEST(BlockTest, OneRecordWithEverything) {
  SampleRecord record = sample_cbg(1);
  record.sub_type = "sub";
  record.id = "0123456789abcdef0123456789abcdef";
  record.flags = 255;
  record.identity.emplace().fill(0xab);
  expect_round_trip({record});
}

TEST(BlockTest, ExtremeTimesInAnyOrder) {
  std::vector<SampleRecord> records;
  for (const int64_t time :
       {int64_t{0}, INT64_MAX, INT64_MIN, int64_t{-1}, INT64_MIN, INT64_MAX, int64_t{1}}) {
    records.emplace_back().time_ms = time;
  }
  expect_round_trip(records);
}

TEST(BlockTest, FullBlock) {
  std::vector<SampleRecord> records;
  for (size_t i = 0; i < kBlockRecordsMax; ++i) records.push_back(sample_cbg(static_cast<int>(i)));
  expect_round_trip(records);
}

TEST(BlockTest, EveryRecordItsOwnDevice) {
  std::vector<SampleRecord> records;
  for (size_t i = 0; i < kBlockRecordsMax; ++i) {
    records.push_back(sample_cbg(0));
    records.back().device_id = "device " + std::to_string(i);
  }
  expect_round_trip(records);
}

TEST(BlockTest, LargeText) {
  SampleRecord record = sample_cbg(0);
  for (int i = 0; record.segments[3].size() < (5u << 20); ++i) {
    record.segments[3] += std::to_string(i);
  }
  expect_round_trip({sample_cbg(1), record, sample_cbg(2)});
}

TEST(BlockTest, RandomBlocks) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<SampleRecord> records(random() % 40);
    for (SampleRecord& record : records) record = sample_random(random);
    expect_round_trip(records);
    if (HasFailure()) return;
  }
}

TEST(BlockTest, ViewsOutliveAMove) {
  Block first = open_block(block_of({sample_cbg(0)}));
  const Result<BlockRecord> record = first.record(0);
  ASSERT_TRUE(record.has_value());
  const std::string_view device_id = first.device_id(0);
  const Block second = std::move(first);
  EXPECT_EQ(device_id, second.device_id(0));
  EXPECT_EQ(device_id.data(), second.device_id(0).data());
  EXPECT_EQ(record->text, sample_cbg(0).text());
}

TEST(BlockTest, ColumnsOfAChunkAreSmall) {
  std::vector<SampleRecord> records(1000);
  for (int i = 0; i < 1000; ++i) records[i] = sample_cbg(i);
  // 80 bytes of text a record, of which a value changes.
  EXPECT_LT(block_of(records).size(), 10'000u);
}

TEST(BlockTest, ExtendKeepsSlotsNonceAndIds) {
  std::vector<SampleRecord> records;
  std::mt19937 random(5);
  std::string bytes = block_of({});
  const IdCipher cipher(random_bytes16());
  const Bytes16 id_of_first = cipher.derive(kSampleNonce, 0);
  for (int round = 0; round < 20; ++round) {
    Block block = open_block(bytes);
    Result<BlockBuilder> builder = BlockBuilder::extend(block);
    ASSERT_TRUE(builder.has_value());
    EXPECT_EQ(builder->count(), records.size());
    records.push_back(sample_random(random));
    records.back().add_to(*builder);
    bytes = builder->finish();
  }
  Block block = open_block(bytes);
  ASSERT_EQ(block.count(), records.size());
  for (size_t slot = 0; slot < records.size(); ++slot) expect_record(block, slot, records[slot]);
  EXPECT_EQ(cipher.derive(block.nonce(), 0), id_of_first);
  EXPECT_EQ(bytes, block_of(records)) << "made in steps or at once, a block has the same bytes";
}

TEST(BlockTest, SlotsOfRecordsThatAreGoneBecomeBlanks) {
  std::vector<SampleRecord> records;
  for (int i = 0; i < 4; ++i) records.push_back(sample_cbg(i));
  records[1].type = "smbg";
  records[1].device_id = "meter";
  Block block = open_block(block_of(records));
  const auto builder = BlockBuilder::extend(block, [](uint32_t slot) { return slot == 1; });
  ASSERT_TRUE(builder.has_value());
  EXPECT_EQ(builder->summary().count, 4u);
  EXPECT_THAT(builder->summary().device_ids, ElementsAre(records[0].device_id));
  ASSERT_EQ(builder->summary().types.size(), 1u);
  EXPECT_EQ(builder->summary().types[0].count, 3u);
  EXPECT_EQ(builder->text_size_bytes(), block.text_size_bytes() - records[1].text().size());

  Block again = open_block(builder->finish());
  EXPECT_EQ(again.type(1), "");
  EXPECT_EQ(again.record(1)->text, "");
  for (const size_t slot : {0u, 2u, 3u}) expect_record(again, slot, records[slot]);
}

TEST(BlockTest, BuilderRefusesWhatDoesNotFit) {
  BlockBuilder builder(kSampleNonce);
  for (size_t i = 0; i < kBlockRecordsMax; ++i) sample_cbg(0).add_to(builder);
  sample_cbg(0).with_record([&](const BlockRecord& record) {
    EXPECT_FALSE(builder.fits(record));
    EXPECT_TRUE(BlockBuilder(kSampleNonce).fits(record));
    EXPECT_THROW(builder.add(record), std::length_error);
  });
  EXPECT_EQ(builder.count(), kBlockRecordsMax);
}

TEST(BlockTest, BuilderRefusesTextOverItsBounds) {
  const std::string text(kRecordBytesMax + 1, 'x');
  BlockRecord record{.segment_sizes = {static_cast<uint32_t>(text.size()), 0, 0, 0}, .text = text};
  BlockBuilder builder(kSampleNonce);
  EXPECT_FALSE(builder.fits(record));
  record = {.device_id = text};
  EXPECT_FALSE(builder.fits(record));
  record.device_id.remove_suffix(1000);
  EXPECT_TRUE(builder.fits(record));
}

TEST(BlockTest, BuilderRefusesSizesThatDoNotAddUp) {
  BlockBuilder builder(kSampleNonce);
  EXPECT_THROW(builder.add({.segment_sizes = {1, 1, 1, 1}, .text = "abc"}), std::invalid_argument);
  EXPECT_THROW(builder.add({.id = "short"}), std::invalid_argument);
  EXPECT_EQ(builder.count(), 0u);
  EXPECT_EQ(builder.finish(), block_of({}));
}

TEST(IdentitySumTest, IsTheSameInAnyOrderAndAnotherWithOthers) {
  const Identity a{1, 2, 3};
  const Identity b{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 9};
  const auto sum = [](std::initializer_list<Identity> identities) {
    IdentitySum out;
    for (const Identity& identity : identities) out.add(identity);
    return out;
  };
  EXPECT_EQ(sum({a, b}), sum({b, a}));
  EXPECT_NE(sum({a, b}), sum({a, a}));
  EXPECT_NE(sum({a}), sum({a, a}));
  EXPECT_NE(sum({a}), sum({b}));
  Identity last = a;
  last.back() = 1;
  EXPECT_NE(sum({a}), sum({last}));
}

TEST(BlockSummaryTest, HoldsTheSumOfTheIdentities) {
  BlockBuilder builder(kSampleNonce);
  SampleRecord record;
  record.type = "cbg";
  record.identity = Identity{7, 8};
  record.add_to(builder);
  EXPECT_TRUE(builder.summary().has_all_identities());
  record.identity.reset();
  record.add_to(builder);
  const BlockSummary summary = BlockSummary::decode(builder.summary().encode()).value();
  EXPECT_FALSE(summary.has_all_identities());
  IdentitySum expected;
  expected.add(Identity{7, 8});
  EXPECT_EQ(summary.identities, expected);
}

TEST(BlockTest, Summary) {
  BlockBuilder builder(kSampleNonce);
  const auto add = [&](std::string type, std::string device_id, int64_t time_ms) {
    SampleRecord record;
    record.type = std::move(type);
    record.device_id = std::move(device_id);
    record.time_ms = time_ms;
    record.add_to(builder);
  };
  add("smbg", "meter", 50);
  add("cbg", "sensor", -7);
  add("cbg", "", 90);
  add("smbg", "sensor", 20);
  add("cbg", "sensor", 10);
  const Result<BlockSummary> summary = BlockSummary::decode(builder.summary().encode());
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->count, 5u);
  EXPECT_THAT(summary->device_ids, ElementsAre("", "meter", "sensor"));
  ASSERT_EQ(summary->types.size(), 2u);
  EXPECT_EQ(summary->types[0].type, "cbg");
  EXPECT_EQ(summary->types[0].count, 3u);
  EXPECT_EQ(summary->types[0].time_first_ms, -7);
  EXPECT_EQ(summary->types[0].time_last_ms, 90);
  EXPECT_EQ(summary->types[1].type, "smbg");
  EXPECT_EQ(summary->types[1].count, 2u);
  EXPECT_EQ(summary->types[1].time_first_ms, 20);
  EXPECT_EQ(summary->types[1].time_last_ms, 50);
}

TEST(BlockTest, SummaryOfAnExtendedBlockIsThatOfAllItsRecords) {
  std::mt19937 random(9);
  BlockBuilder at_once(kSampleNonce);
  std::string bytes = block_of({});
  for (int i = 0; i < 30; ++i) {
    const SampleRecord record = sample_random(random);
    record.add_to(at_once);
    Block block = open_block(bytes);
    BlockBuilder builder = *BlockBuilder::extend(block);
    record.add_to(builder);
    bytes = builder.finish();
    EXPECT_EQ(builder.summary().encode(), at_once.summary().encode());
  }
}

TEST(BlockSummaryTest, HoldsTheFlagsAndTheLastAddition) {
  BlockBuilder builder(kSampleNonce);
  builder.add({.added_ms = 5, .type = "cbg", .flags = 1});
  builder.add({.added_ms = 3, .type = "cbg", .flags = 4});
  builder.add({.added_ms = 9, .flags = 2});  // a blank
  const BlockSummary summary = BlockSummary::decode(builder.summary().encode()).value();
  EXPECT_EQ(summary.flags, 5);
  EXPECT_EQ(summary.added_last_ms, 9);
}

}  // namespace
}  // namespace tideway::store

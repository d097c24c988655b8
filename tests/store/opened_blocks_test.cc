#include "store/opened_blocks.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/store/block_samples.h"

namespace tideway::store {
namespace {

/// A block of one record, another one for each number.
SharedBlock sample_block(int number) {
  BlockBuilder builder(kSampleNonce);
  sample_cbg(number).add_to(builder);
  Block block = Block::open(builder.finish()).value();
  EXPECT_TRUE(block.load_text());
  return std::make_shared<const Block>(std::move(block));
}

TEST(OpenedBlocksTest, FindsABlockByItsBytes) {
  OpenedBlocks opened(1 << 20);
  const SharedBlock first = sample_block(1);
  const SharedBlock second = sample_block(2);
  opened.add(first);
  const std::string bytes(first->bytes());
  EXPECT_EQ(opened.find(bytes), first);
  EXPECT_EQ(opened.find(second->bytes()), nullptr);
  opened.add(second);
  EXPECT_EQ(opened.find(bytes), first);
  EXPECT_EQ(opened.find(second->bytes()), second);
}

TEST(OpenedBlocksTest, TakesNoOtherBytesOfTheSameSizeAndChecksum) {
  OpenedBlocks opened(1 << 20);
  const SharedBlock block = sample_block(1);
  opened.add(block);
  std::string bytes(block->bytes());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  EXPECT_EQ(opened.find(bytes), nullptr);
  EXPECT_EQ(opened.find(""), nullptr);
  EXPECT_EQ(opened.find("abc"), nullptr);
}

TEST(OpenedBlocksTest, ForgetsThoseUsedLongestAgo) {
  const std::vector<SharedBlock> blocks{sample_block(10), sample_block(11), sample_block(12)};
  OpenedBlocks opened(blocks[0]->held_bytes() + blocks[1]->held_bytes() + 10);
  opened.add(blocks[0]);
  opened.add(blocks[1]);
  EXPECT_EQ(opened.find(blocks[0]->bytes()), blocks[0]);
  opened.add(blocks[2]);
  EXPECT_EQ(opened.find(blocks[1]->bytes()), nullptr);
  EXPECT_EQ(opened.find(blocks[0]->bytes()), blocks[0]);
  EXPECT_EQ(opened.find(blocks[2]->bytes()), blocks[2]);
  EXPECT_EQ(opened.held_bytes(), blocks[0]->held_bytes() + blocks[2]->held_bytes());
}

TEST(OpenedBlocksTest, KeepsABlockOnce) {
  OpenedBlocks opened(1 << 20);
  opened.add(sample_block(1));
  const SharedBlock again = sample_block(1);
  opened.add(again);
  EXPECT_EQ(opened.held_bytes(), again->held_bytes());
  EXPECT_EQ(opened.find(again->bytes()), again);
}

TEST(OpenedBlocksTest, KeepsNoneThatIsLargerThanAllMayBe) {
  const SharedBlock block = sample_block(1);
  OpenedBlocks none(0);
  none.add(block);
  OpenedBlocks few(block->held_bytes() - 1);
  few.add(block);
  EXPECT_EQ(none.find(block->bytes()), nullptr);
  EXPECT_EQ(few.find(block->bytes()), nullptr);
  EXPECT_EQ(few.held_bytes(), 0u);
}

TEST(OpenedBlocksTest, ServesThreadsSideBySide) {
  std::vector<SharedBlock> blocks;
  for (int i = 0; i < 8; ++i) blocks.push_back(sample_block(i));
  OpenedBlocks opened(4 * blocks[0]->held_bytes());
  std::vector<std::jthread> threads;
  for (size_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (size_t i = 0; i < 4000; ++i) {
        const SharedBlock& block = blocks[(i * (thread + 1)) % blocks.size()];
        const SharedBlock found = opened.find(block->bytes());
        if (found == nullptr) {
          opened.add(block);
        } else {
          ASSERT_EQ(found->text(0).text, block->text(0).text);
        }
      }
    });
  }
  threads.clear();
  EXPECT_LE(opened.held_bytes(), 4 * blocks[0]->held_bytes());
}

}  // namespace
}  // namespace tideway::store

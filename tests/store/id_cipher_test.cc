#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "store/block.h"

namespace tideway::store {
namespace {

Bytes16 from(std::string_view hex) {
  Bytes16 bytes{};
  EXPECT_TRUE(from_hex(hex, bytes));
  return bytes;
}

const Bytes16 kKey = from("000102030405060708090a0b0c0d0e0f");
const Bytes16 kNonce = from("00112233445566778899aabbccddeeff");

// FIPS 197, C.1.
TEST(IdCipherTest, IsAes128) {
  const IdCipher cipher(kKey);
  EXPECT_EQ(to_hex(cipher.encrypt(kNonce)), "69c4e0d86a7b0430d8cdb78070b4c55a");
  EXPECT_EQ(cipher.decrypt(from("69c4e0d86a7b0430d8cdb78070b4c55a")), kNonce);
}

// Ids are on clients' disks: these must never change.
TEST(IdCipherTest, DerivedIdsStayTheSame) {
  const IdCipher cipher(kKey);
  EXPECT_EQ(to_hex(cipher.derive(kNonce, 0)), "69c4e0d86a7b0430d8cdb78070b4c55a");
  // 0x000003ff, little-endian, XORed into the first bytes of the nonce.
  EXPECT_EQ(cipher.derive(kNonce, 0x3ff), cipher.encrypt(from("ff122233445566778899aabbccddeeff")));
}

TEST(IdCipherTest, IdsOfABatchEqualThoseOneByOne) {
  const IdCipher cipher(kKey);
  for (const size_t count : {0u, 1u, 63u, 64u, 65u, 1024u}) {
    std::vector<Bytes16> ids(count);
    cipher.derive(kNonce, 5, ids);
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(ids[i], cipher.derive(kNonce, static_cast<uint32_t>(5 + i)));
    }
  }
}

TEST(IdCipherTest, IdsDifferBySlotNonceAndKey) {
  std::set<Bytes16> ids;
  for (int key = 0; key < 3; ++key) {
    const IdCipher cipher(random_bytes16());
    for (int nonce = 0; nonce < 3; ++nonce) {
      std::vector<Bytes16> of_block(kBlockRecordsMax);
      cipher.derive(random_bytes16(), 0, of_block);
      ids.insert(of_block.begin(), of_block.end());
    }
  }
  EXPECT_EQ(ids.size(), 9 * kBlockRecordsMax);
}

TEST(IdCipherTest, DecryptUndoesEncrypt) {
  const IdCipher cipher(random_bytes16());
  for (int i = 0; i < 100; ++i) {
    const Bytes16 plain = random_bytes16();
    ASSERT_NE(cipher.encrypt(plain), plain);
    ASSERT_EQ(cipher.decrypt(cipher.encrypt(plain)), plain);
  }
}

TEST(IdCipherTest, ServesSeveralThreads) {
  const IdCipher cipher(kKey);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(to_hex(cipher.derive(kNonce, 0)), "69c4e0d86a7b0430d8cdb78070b4c55a");
        EXPECT_EQ(cipher.decrypt(cipher.encrypt(kNonce)), kNonce);
      }
    });
  }
}

}  // namespace
}  // namespace tideway::store

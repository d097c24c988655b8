#include "dataset/derived_id.h"

#include <algorithm>

namespace tideway::dataset {
namespace {

constexpr size_t kSlotBytes = 4;
constexpr size_t kNumberAt = 12;

}  // namespace

Bytes16 block_nonce(uint32_t number) {
  Bytes16 nonce = random_bytes16();
  for (size_t i = 0; i < sizeof number; ++i) {
    nonce[kNumberAt + i] = static_cast<uint8_t>(number >> (8 * i));
  }
  return nonce;
}

std::optional<DerivedId> DerivedId::read(const store::IdCipher& cipher, std::string_view id) {
  Bytes16 encrypted;
  if (!from_hex(id, encrypted)) return std::nullopt;
  return DerivedId(cipher.decrypt(encrypted));
}

uint32_t DerivedId::block() const {
  uint32_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) {
    number |= static_cast<uint32_t>(plain_[kNumberAt + i]) << (8 * i);
  }
  return number;
}

std::optional<uint32_t> DerivedId::slot_in(const store::Block& block) const {
  const Bytes16& nonce = block.nonce();
  if (!std::equal(plain_.begin() + kSlotBytes, plain_.end(), nonce.begin() + kSlotBytes)) {
    return std::nullopt;
  }
  uint32_t slot = 0;
  for (size_t i = 0; i < kSlotBytes; ++i) {
    slot |= static_cast<uint32_t>(plain_[i] ^ nonce[i]) << (8 * i);
  }
  const bool own = slot < block.count() && block.id(slot).empty();
  return own ? std::optional(slot) : std::nullopt;
}

}  // namespace tideway::dataset

// Ids of records that tell where their record lies (docs/architecture.md, "Derived ids").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.h"
#include "store/block.h"

namespace tideway::dataset {

/// The nonce of a set's block: random, but for its last four bytes, which are the block's number.
/// The ids of its records are encrypted from it, so that nobody but the server reads the number.
Bytes16 block_nonce(uint32_t number);

/// An id as the server may have made it.
class DerivedId {
 public:
  /// Nothing when `id` has not the form of one.
  static std::optional<DerivedId> read(const store::IdCipher& cipher, std::string_view id);

  /// The number of the block, if the id is a derived one at all: see slot_in().
  uint32_t block() const;
  /// The slot, if the id was derived from this block.
  std::optional<uint32_t> slot_in(const store::Block& block) const;

 private:
  explicit DerivedId(const Bytes16& plain) : plain_(plain) {}

  Bytes16 plain_;  ///< the nonce with the slot XORed into its first four bytes, see id_cipher.cc
};

}  // namespace tideway::dataset

// Blocks: up to kBlockRecordsMax records of one data set as one stored value. The byte grammar
// stands at the head of block.cc.
//
// A block keeps, beside the text of its records, columns that are enough to filter, deduplicate and
// order them without touching the text.
//
// A block that grows by small steps may be stored in pieces: the first one, and others that each
// hold the records of some further slots. A piece is a block itself; joined_block() puts them
// together.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "store/block_columns.h"
#include "store/compression.h"
#include "store/store.h"

struct evp_cipher_st;  // OpenSSL's EVP_CIPHER

namespace tideway::store {

class Block;

/// More records than this go into further blocks.
inline constexpr size_t kBlockRecordsMax = 1024;

/// How columns and text are stored. Plain ones are for what is soon to be written again: so little
/// of them is there that compressing would cost more time than all the rest.
enum class Coding : uint8_t { kPlain = 0, kZstd = 1 };

/// What one record, and a whole block, may have at most, of text and of columns each.
inline constexpr size_t kRecordBytesMax = size_t{64} << 20;
inline constexpr size_t kBlockBytesMax = size_t{256} << 20;

/// What is kept of the SHA-256 that is a record's identity: 80 bits, so that no two ever meet by
/// chance. The rest only where it does not follow from the record's text, since hashes are all that
/// does not compress.
using Identity = std::array<uint8_t, 10>;
using IdentityRest = std::array<uint8_t, 22>;

/// One record on its way into a block, or read from one. The views of a record that was read
/// belong to the Block.
///
/// The text is the record's members in the order of their names without the outer braces, cut
/// where the server's own members go: members before "id", each followed by a comma; those up to
/// "revision", each followed by a comma; those up to "uploadId", each followed by a comma; the
/// rest, each preceded by a comma. `segment_sizes` holds the four lengths.
///
/// A record without a type is a blank: a slot whose record is gone. Slots keep their numbers, since
/// ids are derived from them.
struct BlockRecord {
  int64_t time_ms = 0;
  int64_t added_ms = 0;  ///< when the server took it
  std::string_view type = {};
  std::string_view sub_type = {};   ///< empty when the record has none
  std::string_view device_id = {};  ///< empty when the record has none
  std::string_view id = {};         ///< 32 characters; empty when the id is derived from the block
  uint8_t flags = 0;                ///< free for the layer above
  std::optional<Identity> identity = {};
  std::optional<IdentityRest> identity_rest = {};  ///< none without an identity
  std::array<uint32_t, 4> segment_sizes{};
  std::string_view text = {};
};

/// What of a stored record is shown as it is. The views belong to the Block.
struct RecordText {
  std::string_view text = {};
  std::array<uint32_t, 4> segment_sizes{};
};

/// What a scan needs to know of a block without reading it; stored beside it under its own key.
/// The identities of records added up, in whatever order. They are random, so equal sums stand for
/// equal identities.
struct IdentitySum {
  uint32_t count = 0;
  std::array<uint64_t, 2> halves = {};  ///< of the first and the last 8 bytes, wrapping around

  void add(const Identity& identity);
  void add(const IdentitySum& other);

  auto operator<=>(const IdentitySum&) const = default;
};

struct BlockSummary {
  struct TypeRange {
    std::string type = {};
    uint32_t count = 0;
    int64_t time_first_ms = 0;
    int64_t time_last_ms = 0;
  };
  uint32_t count = 0;                   ///< of slots, blanks included
  uint32_t loose_pieces = 0;            ///< added since the block was last written as a whole
  uint64_t text_size_bytes = 0;         ///< of the records when they were added
  uint8_t flags = 0;                    ///< those of all records, blanks excluded, ored
  int64_t added_last_ms = 0;            ///< when the server took the last of them, blanks included
  std::vector<TypeRange> types;         ///< ascending by name, without blanks
  std::vector<std::string> device_ids;  ///< distinct, ascending; "" stands for records without one
  IdentitySum identities;               ///< of the records that have one

  /// Whether all records have an identity. Blanks have none and are no records.
  bool has_all_identities() const;

  std::string encode() const;
  static Result<BlockSummary> decode(std::string_view bytes);

  /// Takes in a piece that goes on with the block.
  void add(const BlockSummary& piece);
};

/// Makes one block. `nonce` makes the ids of the block's records unique; a block that is extended
/// keeps its nonce, and its records keep their slots, so ids never change.
class BlockBuilder {
 public:
  explicit BlockBuilder(const Bytes16& nonce);

  /// For a piece that goes on with a block at this slot. It has no nonce: that of the block counts.
  static BlockBuilder piece(uint32_t first_slot);

  /// A builder that already holds all records of `block`, in their slots. Fails with kCorruption
  /// when the text does not decompress.
  ///
  /// Slots for which `is_gone` says so become blanks.
  using IsGone = std::function<bool(uint32_t slot)>;
  static Result<BlockBuilder> extend(
      Block& block, const IsGone& is_gone = [](uint32_t) { return false; });

  /// The same of a block that lies in pieces, in the order of their slots. Fails with kCorruption
  /// also when they do not follow one another.
  static Result<BlockBuilder> extend(
      std::vector<Block>& pieces, const IsGone& is_gone = [](uint32_t) { return false; });

  /// Makes room for records that will come.
  void reserve(size_t records, size_t text_size_bytes);

  /// Copies what the record points to. Throws std::length_error when the record does not fit: ask
  /// fits() first. Throws std::invalid_argument when the segment sizes do not add up to the text,
  /// or the id has neither 0 nor 32 characters.
  void add(const BlockRecord& record);
  bool fits(const BlockRecord& record) const;

  size_t count() const { return rows_.size(); }
  size_t text_size_bytes() const { return text_.size(); }
  /// The bytes to store, checksum included.
  std::string finish(Coding coding = Coding::kZstd) const;
  BlockSummary summary() const;

 private:
  Result<void> add_all(Block& block, const IsGone& is_gone);

  Bytes16 nonce_;
  uint32_t first_slot_ = 0;
  BlockDictionaries<std::string> dictionaries_;
  std::vector<BlockRow> rows_;
  std::string ids_;
  std::string text_;
  std::vector<Identity> identities_;
  std::vector<IdentityRest> identity_rests_;
  size_t column_bytes_max_ = 0;  ///< the columns will not be larger
};

/// A block read back. Opening verifies checksum and version and decodes the columns; the text is
/// decompressed at the first call of record() or load_text().
///
/// Views that it gives live as long as the block, also when it is moved.
class Block {
 public:
  static Result<Block> open(std::string bytes);

  size_t count() const { return columns_.rows.size(); }
  uint32_t first_slot() const { return first_slot_; }  ///< 0 but for further pieces
  const Bytes16& nonce() const { return nonce_; }
  size_t text_size_bytes() const { return text_size_bytes_; }
  std::string_view bytes() const { return bytes_; }  ///< as they were given to open()
  /// What it holds in memory, roughly, once the text is decompressed.
  size_t held_bytes() const;
  int64_t time_ms(size_t slot) const { return columns_.rows[slot].time_ms; }
  int64_t added_ms(size_t slot) const { return columns_.rows[slot].added_ms; }
  std::string_view type(size_t slot) const;
  std::string_view sub_type(size_t slot) const;
  std::string_view device_id(size_t slot) const;
  std::string_view id(size_t slot) const;  ///< empty when the id is derived
  uint8_t flags(size_t slot) const { return columns_.rows[slot].flags; }
  /// Null when the record has none.
  const Identity* identity(size_t slot) const {
    const size_t ordinal = columns_.rows[slot].identity;
    return ordinal == 0 ? nullptr : &identities_[ordinal - 1];
  }
  /// Null when the record has none, or it follows from the text.
  const IdentityRest* identity_rest(size_t slot) const {
    const size_t ordinal = columns_.rows[slot].identity_rest;
    return ordinal == 0 ? nullptr : &identity_rests_[ordinal - 1];
  }

  /// The whole record. Fails with kCorruption when the text does not decompress.
  Result<BlockRecord> record(size_t slot);

  /// Decompresses the text. Fails with kCorruption when that cannot be done.
  Result<void> load_text();
  /// Of a record, after load_text(): much less work than the whole record.
  RecordText text(size_t slot) const {
    const BlockRow& row = columns_.rows[slot];
    return {.text = text_->substr(row.text_offset, row.text_size()),
            .segment_sizes = row.segment_sizes};
  }

 private:
  Block() = default;

  Result<void> load_columns(std::string_view stored, size_t plain_size_bytes, size_t count);

  std::string bytes_;
  Bytes16 nonce_{};
  uint32_t first_slot_ = 0;
  Coding coding_ = Coding::kZstd;
  Buffer column_bytes_;
  DecodedColumns columns_;
  std::vector<Identity> identities_;
  std::vector<IdentityRest> identity_rests_;
  size_t stored_text_start_ = 0;  ///< in bytes_
  size_t stored_text_size_bytes_ = 0;
  size_t text_size_bytes_ = 0;
  Buffer text_bytes_;
  std::optional<std::string_view> text_;  ///< once it is loaded
};

/// The block that pieces make; see BlockBuilder::extend().
Result<Block> joined_block(std::vector<Block> pieces);

/// Derives the ids of records that brought none: AES-128 of the block's nonce and the slot under a
/// key that never leaves the store, so ids look random, cost no space and can't be guessed.
/// Any thread may call any function at any time.
class IdCipher {
 public:
  explicit IdCipher(const Bytes16& key);

  /// Different for any two slots of a block, and for any two blocks of random nonces.
  Bytes16 derive(const Bytes16& nonce, uint32_t slot) const;
  /// Several consecutive slots at once, which is much cheaper per id.
  void derive(const Bytes16& nonce, uint32_t first_slot, std::span<Bytes16> ids) const;
  /// One block forward and back, for ids that carry a hint (see dataset/data_set_id.h).
  Bytes16 encrypt(const Bytes16& plain) const;
  Bytes16 decrypt(const Bytes16& cipher) const;

 private:
  Bytes16 key_;
  std::shared_ptr<evp_cipher_st> algorithm_;
};

}  // namespace tideway::store

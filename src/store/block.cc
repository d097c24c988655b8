// A block as stored:
//
//   block    := version:u8 coding:u8 nonce:byte[16] first_slot:fixed32 count:fixed32
//               columns_plain:fixed32 columns_stored:fixed32 text_plain:fixed32 text_stored:fixed32
//               columns:byte[columns_stored] text:byte[text_stored] identity* identity_rest*
//               checksum:fixed32
//   identity := byte[10]      one for each record that has one, in the order of the slots
//   identity_rest := byte[22] likewise
//
//   version   4
//   coding    0: columns and text are as they are; 1: each is one zstd frame
//   first     0; in a piece that goes on with a block, the slot of its first record. Such a piece
//   has
//             a nonce of zeros
//   columns   of columns_plain bytes; see block_columns.cc
//   text      of text_plain bytes: the texts of the records, one after the other
//   identity  outside the frames, since a hash is random and costs time to try to compress
//   checksum  CRC-32C of all bytes before it
//
// fixed32 is little-endian. A reader refuses a block whose sizes disagree anywhere, so each block
// has one meaning. The checksum stands in the block, not in the engine, because a block passes
// through engines, networks and backups.
//
// This file writes blocks; block_reader.cc reads them.

#include "store/block.h"

#include <algorithm>
#include <stdexcept>

#include "base/coding.h"
#include "base/short_text.h"
#include "store/block_format.h"
#include "store/crc32c.h"

namespace tideway::store {
namespace {

/// The index of `entry`, which is added if it is new. Almost always it is the one that the record
/// before had, so that is tried first; a block has too few entries for a hash to pay.
uint16_t index_of(std::vector<std::string>& entries, std::string_view entry, size_t previous) {
  if (previous < entries.size() && same_text(entries[previous], entry)) {
    return static_cast<uint16_t>(previous);
  }
  const auto found = std::ranges::find(entries, entry);
  const auto index = static_cast<uint16_t>(found - entries.begin());
  if (found == entries.end()) entries.emplace_back(entry);
  return index;
}

/// An upper bound: it counts the strings of each record, of which the dictionaries keep one.
size_t column_bytes_of(const BlockRecord& record) {
  return kColumnBytesPerRecordMax + record.type.size() + record.sub_type.size() +
         record.device_id.size() + record.id.size();
}

/// Of identities, or of their rests.
template <class Part>
std::string_view bytes_of(const std::vector<Part>& parts) {
  return {reinterpret_cast<const char*>(parts.data()), parts.size() * sizeof(Part)};
}

BlockSummary::TypeRange& range_of(std::vector<BlockSummary::TypeRange>& ranges,
                                  const BlockRow& row) {
  BlockSummary::TypeRange& range = ranges[row.type];
  if (range.count == 0) range.time_first_ms = range.time_last_ms = row.time_ms;
  return range;
}

}  // namespace

BlockBuilder::BlockBuilder(const Bytes16& nonce) : nonce_(nonce) {}

BlockBuilder BlockBuilder::piece(uint32_t first_slot) {
  BlockBuilder builder(Bytes16{});
  builder.first_slot_ = first_slot;
  return builder;
}

Result<BlockBuilder> BlockBuilder::extend(Block& block, const IsGone& is_gone) {
  BlockBuilder builder(block.nonce());
  builder.reserve(block.count(), block.text_size_bytes());
  if (const auto added = builder.add_all(block, is_gone); !added) {
    return std::unexpected(added.error());
  }
  return builder;
}

Result<BlockBuilder> BlockBuilder::extend(std::vector<Block>& pieces, const IsGone& is_gone) {
  BlockBuilder builder(pieces.empty() ? Bytes16{} : pieces.front().nonce());
  size_t records = 0;
  size_t text_size_bytes = 0;
  for (const Block& piece : pieces) {
    records += piece.count();
    text_size_bytes += piece.text_size_bytes();
  }
  builder.reserve(std::min(records, kBlockRecordsMax), std::min(text_size_bytes, kBlockBytesMax));
  for (Block& piece : pieces) {
    if (piece.first_slot() != builder.count()) {
      return std::unexpected(Error{Error::Kind::kCorruption, "block: a piece is missing"});
    }
    const auto added = builder.add_all(piece, is_gone);
    if (!added) return std::unexpected(added.error());
  }
  return builder;
}

/// Adds the records of a block or of a piece that goes on here.
Result<void> BlockBuilder::add_all(Block& block, const IsGone& is_gone) {
  const auto first = static_cast<uint32_t>(rows_.size());
  for (uint32_t slot = 0; slot < block.count(); ++slot) {
    if (is_gone(first + slot)) {
      add({.time_ms = block.time_ms(slot), .added_ms = block.added_ms(slot)});
      continue;
    }
    const Result<BlockRecord> record = block.record(slot);
    if (!record) return std::unexpected(record.error());
    if (!fits(*record)) {
      return std::unexpected(Error{Error::Kind::kCorruption, "block: more than a block may hold"});
    }
    add(*record);
  }
  return {};
}

bool BlockBuilder::fits(const BlockRecord& record) const {
  const size_t column_bytes = column_bytes_of(record);
  return rows_.size() < kBlockRecordsMax && record.text.size() <= kRecordBytesMax &&
         column_bytes <= kRecordBytesMax && text_.size() + record.text.size() <= kBlockBytesMax &&
         column_bytes_max_ + column_bytes <= kBlockBytesMax;
}

void BlockBuilder::reserve(size_t records, size_t text_size_bytes) {
  rows_.reserve(rows_.size() + records);
  text_.reserve(text_.size() + text_size_bytes);
}

void BlockBuilder::add(const BlockRecord& record) {
  if (!fits(record)) throw std::length_error("block: the record does not fit");
  BlockRow row;
  row.segment_sizes = record.segment_sizes;
  if (row.text_size() != record.text.size()) {
    throw std::invalid_argument("block: segment sizes do not add up to the text");
  }
  if (!record.id.empty() && record.id.size() != kExplicitIdBytes) {
    throw std::invalid_argument("block: an id must have 32 characters");
  }
  const BlockRow previous = rows_.empty() ? BlockRow{} : rows_.back();
  row.time_ms = record.time_ms;
  row.added_ms = record.added_ms;
  row.text_offset = text_.size();
  row.type = index_of(dictionaries_.types, record.type, previous.type);
  row.sub_type = index_of(dictionaries_.sub_types, record.sub_type, previous.sub_type);
  row.device_id = index_of(dictionaries_.device_ids, record.device_id, previous.device_id);
  row.flags = record.flags;
  if (!record.id.empty()) {
    ids_ += record.id;
    row.id = static_cast<uint16_t>(ids_.size() / kExplicitIdBytes);
  }
  if (record.identity) {
    identities_.push_back(*record.identity);
    row.identity = static_cast<uint16_t>(identities_.size());
  }
  if (record.identity_rest) {
    identity_rests_.push_back(*record.identity_rest);
    row.identity_rest = static_cast<uint16_t>(identity_rests_.size());
  }
  text_ += record.text;
  column_bytes_max_ += column_bytes_of(record);
  rows_.push_back(row);
}

std::string BlockBuilder::finish(Coding coding) const {
  const std::string columns = encode_columns(dictionaries_, rows_, ids_);
  std::string sections;
  const auto append_section = [&](std::string_view section) {
    if (coding == Coding::kZstd) return append_compressed(sections, section);
    sections += section;
    return section.size();
  };
  if (coding == Coding::kPlain) sections.reserve(columns.size() + text_.size());
  const size_t columns_stored = append_section(columns);
  const size_t text_stored = append_section(text_);

  const std::string_view identities = bytes_of(identities_);
  const std::string_view rests = bytes_of(identity_rests_);
  std::string out;
  out.reserve(kBlockHeaderBytes + sections.size() + identities.size() + rests.size() +
              kBlockChecksumBytes);
  out += static_cast<char>(kBlockVersion);
  out += static_cast<char>(coding);
  out.append(reinterpret_cast<const char*>(nonce_.data()), nonce_.size());
  put_fixed32(out, first_slot_);
  put_fixed32(out, static_cast<uint32_t>(rows_.size()));
  put_fixed32(out, static_cast<uint32_t>(columns.size()));
  put_fixed32(out, static_cast<uint32_t>(columns_stored));
  put_fixed32(out, static_cast<uint32_t>(text_.size()));
  put_fixed32(out, static_cast<uint32_t>(text_stored));
  out += sections;
  out += identities;
  out += rests;
  put_fixed32(out, crc32c(out));
  return out;
}

BlockSummary BlockBuilder::summary() const {
  BlockSummary summary;
  summary.count = static_cast<uint32_t>(rows_.size());
  summary.text_size_bytes = text_.size();
  for (const std::string& type : dictionaries_.types) summary.types.push_back({.type = type});
  std::vector<bool> has_device(dictionaries_.device_ids.size());
  if (!rows_.empty()) summary.added_last_ms = rows_.front().added_ms;
  for (const BlockRow& row : rows_) {
    summary.added_last_ms = std::max(summary.added_last_ms, row.added_ms);
    if (dictionaries_.types[row.type].empty()) continue;  // a blank
    has_device[row.device_id] = true;
    summary.flags |= row.flags;
    if (row.identity > 0) summary.identities.add(identities_[row.identity - 1]);
    BlockSummary::TypeRange& range = range_of(summary.types, row);
    ++range.count;
    range.time_first_ms = std::min(range.time_first_ms, row.time_ms);
    range.time_last_ms = std::max(range.time_last_ms, row.time_ms);
  }
  std::erase_if(summary.types, [](const auto& range) { return range.count == 0; });
  std::ranges::sort(summary.types, {}, &BlockSummary::TypeRange::type);
  for (size_t i = 0; i < has_device.size(); ++i) {
    if (has_device[i]) summary.device_ids.push_back(dictionaries_.device_ids[i]);
  }
  std::ranges::sort(summary.device_ids);
  return summary;
}

}  // namespace tideway::store

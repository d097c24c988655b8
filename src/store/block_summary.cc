// A block's summary as stored:
//
//   summary    := version:u8 varint(count) varint(loose_pieces) varint(text_size) flags:u8
//                 signed(added_last) varint(n) type_range × n varint(n) bytes(device id) × n
//                 identities
//   type_range := bytes(type) varint(count) signed(time_first) varint(time_last - time_first)
//
//   identities := varint(count) halves:fixed64[2], these only if there are any
//
//   version   5
//   flags     of all records, ored
//   bytes     varint length, then the bytes
//   signed    zigzag varint; times are milliseconds since 1970 UTC
//
// Without a checksum of its own: it is a few dozen bytes beside the block, read by the thousand,
// and can be made again from the block.

#include <algorithm>
#include <cstring>

#include "base/coding.h"
#include "store/block.h"

namespace tideway::store {
namespace {

constexpr uint8_t kVersion = 5;

std::unexpected<Error> malformed() {
  return std::unexpected(Error{Error::Kind::kCorruption, "block summary: malformed"});
}

/// A number too large for any count stays too large.
uint32_t read_count(Decoder& in) {
  return static_cast<uint32_t>(std::min<uint64_t>(in.varint(), UINT32_MAX));
}

BlockSummary::TypeRange read_type_range(Decoder& in) {
  BlockSummary::TypeRange range;
  range.type = in.bytes();
  range.count = read_count(in);
  range.time_first_ms = in.signed_varint();
  // Unsigned, since the distance of any two times fits and the sum of hostile ones must not
  // overflow.
  range.time_last_ms =
      static_cast<int64_t>(static_cast<uint64_t>(range.time_first_ms) + in.varint());
  return range;
}

}  // namespace

std::string BlockSummary::encode() const {
  std::string out;
  out += static_cast<char>(kVersion);
  put_varint(out, count);
  put_varint(out, loose_pieces);
  put_varint(out, text_size_bytes);
  out += static_cast<char>(flags);
  put_signed_varint(out, added_last_ms);
  put_varint(out, types.size());
  for (const TypeRange& range : types) {
    put_bytes(out, range.type);
    put_varint(out, range.count);
    put_signed_varint(out, range.time_first_ms);
    put_varint(out, static_cast<uint64_t>(range.time_last_ms) -
                        static_cast<uint64_t>(range.time_first_ms));
  }
  put_varint(out, device_ids.size());
  for (const std::string& device_id : device_ids) put_bytes(out, device_id);
  put_varint(out, identities.count);
  if (identities.count == 0) return out;
  for (const uint64_t half : identities.halves) put_fixed64(out, half);
  return out;
}

Result<BlockSummary> BlockSummary::decode(std::string_view bytes) {
  Decoder in(bytes);
  const uint8_t version = in.byte();
  if (version != kVersion) {
    return std::unexpected(Error{in.ok() ? Error::Kind::kVersion : Error::Kind::kCorruption,
                                 "block summary: format " + std::to_string(version)});
  }
  BlockSummary summary;
  summary.count = read_count(in);
  if (summary.count > kBlockRecordsMax) return malformed();
  summary.loose_pieces = read_count(in);
  summary.text_size_bytes = in.varint();
  summary.flags = in.byte();
  summary.added_last_ms = in.signed_varint();
  // Checked before each loop, so that no number in the bytes makes it long.
  const uint64_t type_count = in.varint();
  if (type_count > summary.count) return malformed();
  for (uint64_t i = 0; i < type_count; ++i) {
    summary.types.push_back(read_type_range(in));
    if (summary.types.back().count > summary.count) return malformed();
  }
  const uint64_t device_count = in.varint();
  if (device_count > summary.count) return malformed();
  for (uint64_t i = 0; i < device_count; ++i) summary.device_ids.emplace_back(in.bytes());
  summary.identities.count = read_count(in);
  if (summary.identities.count > summary.count) return malformed();
  if (summary.identities.count > 0) {
    for (uint64_t& half : summary.identities.halves) half = in.fixed64();
  }
  if (!in.at_end()) return malformed();
  return summary;
}

void IdentitySum::add(const Identity& identity) {
  std::array<uint64_t, 2> ends;
  std::memcpy(&ends[0], identity.data(), sizeof ends[0]);
  std::memcpy(&ends[1], identity.data() + identity.size() - sizeof ends[1], sizeof ends[1]);
  add({1, ends});
}

void IdentitySum::add(const IdentitySum& other) {
  count += other.count;
  for (size_t i = 0; i < halves.size(); ++i) halves[i] += other.halves[i];
}

bool BlockSummary::has_all_identities() const {
  uint32_t records = 0;
  for (const TypeRange& range : types) records += range.count;
  return identities.count == records;
}

void BlockSummary::add(const BlockSummary& piece) {
  identities.add(piece.identities);
  count += piece.count;
  loose_pieces += 1;
  text_size_bytes += piece.text_size_bytes;
  flags |= piece.flags;
  added_last_ms = std::max(added_last_ms, piece.added_last_ms);
  for (const TypeRange& range : piece.types) {
    const auto at = std::ranges::lower_bound(types, range.type, {}, &TypeRange::type);
    if (at == types.end() || at->type != range.type) {
      types.insert(at, range);
      continue;
    }
    at->count += range.count;
    at->time_first_ms = std::min(at->time_first_ms, range.time_first_ms);
    at->time_last_ms = std::max(at->time_last_ms, range.time_last_ms);
  }
  for (const std::string& device_id : piece.device_ids) {
    const auto at = std::ranges::lower_bound(device_ids, device_id);
    if (at == device_ids.end() || *at != device_id) device_ids.insert(at, device_id);
  }
}

}  // namespace tideway::store

// How a data set is stored:
//
//   version  byte   3
//   upload_id, id, user_id                       bytes (varint length, then the bytes)
//   type, active, deduplicator                   byte each
//   revision, created_order                      varint
//   created_ms, modified_ms                      signed varint
//   time_ms, deleted_ms                          byte 1, then signed varint; byte 0 when absent
//   created_user_id, device_id, device_model, client_name                bytes
//   manufacturer_count varint, then each         bytes
//   member_count varint, then name and JSON text bytes each
//   provenance: client_id, by_user_id, source_ip bytes
//   closing: byte 1, then time_ms signed varint, user_id bytes, order varint; byte 0 when open
//   trash: byte 1, then time_ms signed varint, marked byte, block_first varint; byte 0 when empty
//   restored_ms: byte 1, then signed varint; byte 0 when absent
//   chunk_count varint, then body and key        fixed64 each
//   block_first, block_count, record_count       varint
#include <algorithm>

#include "base/coding.h"
#include "dataset/data_set.h"

namespace tideway::dataset {
namespace {

constexpr uint8_t kVersion = 3;

/// Most sets take less.
constexpr size_t kUsualBytes = 1024;

store::Error corrupt(std::string_view what) {
  return {store::Error::Kind::kCorruption, "data set: " + std::string(what)};
}

void put_byte(std::string& out, auto value) { out += static_cast<char>(value); }

void put_optional(std::string& out, const std::optional<int64_t>& value) {
  put_byte(out, value.has_value());
  if (value) put_signed_varint(out, *value);
}

std::optional<int64_t> read_optional(Decoder& in) {
  if (in.byte() == 0) return std::nullopt;
  return in.signed_varint();
}

void put_closing(std::string& out, const std::optional<Closing>& closing) {
  put_byte(out, closing.has_value());
  if (!closing) return;
  put_signed_varint(out, closing->time_ms);
  put_bytes(out, closing->user_id);
  put_varint(out, closing->order);
}

std::optional<Closing> read_closing(Decoder& in) {
  if (in.byte() == 0) return std::nullopt;
  Closing closing;
  closing.time_ms = in.signed_varint();
  closing.user_id = in.bytes();
  closing.order = static_cast<uint32_t>(in.varint());
  return closing;
}

void put_trash(std::string& out, const std::optional<Trash>& trash) {
  put_byte(out, trash.has_value());
  if (!trash) return;
  put_signed_varint(out, trash->time_ms);
  put_byte(out, trash->marked);
  put_varint(out, trash->block_first);
}

std::optional<Trash> read_trash(Decoder& in) {
  if (in.byte() == 0) return std::nullopt;
  Trash trash;
  trash.time_ms = in.signed_varint();
  trash.marked = in.byte() != 0;
  trash.block_first = static_cast<uint32_t>(in.varint());
  return trash;
}

}  // namespace

std::string DataSet::encode() const {
  std::string out;
  out.reserve(kUsualBytes);
  put_byte(out, kVersion);
  for (const auto* text : {&upload_id, &id, &user_id}) put_bytes(out, *text);
  put_byte(out, type);
  put_byte(out, active);
  put_byte(out, deduplicator);
  put_varint(out, revision);
  put_varint(out, created_order);
  for (const int64_t time : {created_ms, modified_ms}) put_signed_varint(out, time);
  for (const auto& time : {time_ms, deleted_ms}) put_optional(out, time);
  for (const auto* text : {&created_user_id, &device_id, &device_model, &client_name}) {
    put_bytes(out, *text);
  }
  put_varint(out, device_manufacturers.size());
  for (const std::string& name : device_manufacturers) put_bytes(out, name);
  put_varint(out, members.size());
  for (const Member& member : members) {
    put_bytes(out, member.name);
    put_bytes(out, member.json);
  }
  put_bytes(out, provenance.client_id);
  put_bytes(out, provenance.by_user_id);
  put_bytes(out, provenance.source_ip);
  put_closing(out, closing);
  put_trash(out, trash);
  put_optional(out, restored_ms);
  put_varint(out, chunks.size());
  for (const Chunk& chunk : chunks) {
    put_fixed64(out, chunk.body);
    put_fixed64(out, chunk.key);
  }
  for (const uint32_t count : {block_first, block_count, record_count}) put_varint(out, count);
  return out;
}

store::Result<DataSet> DataSet::decode(std::string_view bytes) {
  Decoder in(bytes);
  if (in.byte() != kVersion) return std::unexpected(corrupt("unknown version"));
  DataSet set;
  for (auto* text : {&set.upload_id, &set.id, &set.user_id}) *text = in.bytes();
  set.type = static_cast<Type>(in.byte());
  set.active = in.byte() != 0;
  set.deduplicator = static_cast<Deduplicator>(in.byte());
  set.revision = static_cast<uint32_t>(in.varint());
  set.created_order = in.varint();
  for (auto* time : {&set.created_ms, &set.modified_ms}) *time = in.signed_varint();
  for (auto* time : {&set.time_ms, &set.deleted_ms}) *time = read_optional(in);
  for (auto* text : {&set.created_user_id, &set.device_id, &set.device_model, &set.client_name}) {
    *text = in.bytes();
  }
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    set.device_manufacturers.emplace_back(in.bytes());
  }
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    const std::string_view name = in.bytes();
    set.members.push_back({std::string(name), std::string(in.bytes())});
  }
  set.provenance.client_id = in.bytes();
  set.provenance.by_user_id = in.bytes();
  set.provenance.source_ip = in.bytes();
  set.closing = read_closing(in);
  set.trash = read_trash(in);
  set.restored_ms = read_optional(in);
  uint64_t chunk_count = in.varint();
  set.chunks.reserve(std::min<uint64_t>(chunk_count, kChunksMax));
  for (; chunk_count > 0 && in.ok(); --chunk_count) {
    const uint64_t body = in.fixed64();
    set.chunks.push_back({body, in.fixed64()});
  }
  for (auto* count : {&set.block_first, &set.block_count, &set.record_count}) {
    *count = static_cast<uint32_t>(in.varint());
  }
  const bool known =
      set.type <= Type::kContinuous && static_cast<size_t>(set.deduplicator) < kDeduplicatorCount;
  if (!in.at_end() || !known) return std::unexpected(corrupt("malformed"));
  return set;
}

}  // namespace tideway::dataset

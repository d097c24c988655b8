// A note in the partition of the account that it is on:
//
//   N <id>               version:byte = 1
//                        parent_id guid author_id author_name timestamp text   bytes each
//                        created_ms:signed-varint modified_ms:signed-varint
//   n <time> FF <id>     the id of the note that it replies to, or nothing
//
// <id> is the id as text; <time> is the timestamp with every bit turned over, so that an ascending
// scan meets the greatest text first. In the directory, "n" followed by the id gives the account.
// bytes and signed-varint as in base/coding.h.
#include <algorithm>

#include "base/coding.h"
#include "base/ids.h"
#include "note/keys.h"
#include "note/note.h"

namespace tideway::note {
namespace {

constexpr uint8_t kVersion = 1;

}  // namespace

bool is_note_id(std::string_view id) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return id.size() == kIdSize && std::ranges::all_of(id, is_hex);
}

std::string new_note_id(int64_t now_ms) {
  Bytes16 bytes = random_bytes16();
  const auto seconds = static_cast<uint64_t>(now_ms / 1000);
  for (int i = 0; i < 4; ++i) {
    bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(seconds >> (24 - 8 * i));
  }
  return to_hex(bytes).substr(0, kIdSize);
}

std::string encode_note(const Note& note) {
  std::string out(1, static_cast<char>(kVersion));
  put_bytes(out, note.parent_id);
  put_bytes(out, note.guid);
  put_bytes(out, note.author_id);
  put_bytes(out, note.author_name);
  put_bytes(out, note.timestamp);
  put_bytes(out, note.text);
  put_signed_varint(out, note.created_ms);
  put_signed_varint(out, note.modified_ms);
  return out;
}

store::Result<Note> decode_note(std::string_view id, std::string_view bytes) {
  using store::Error;
  Decoder in(bytes);
  const uint8_t version = in.byte();
  if (in.ok() && version != kVersion) {
    return std::unexpected(
        Error{Error::Kind::kVersion, "note has unknown version " + std::to_string(version)});
  }
  Note note;
  note.id = id;
  note.parent_id = in.bytes();
  note.guid = in.bytes();
  note.author_id = in.bytes();
  note.author_name = in.bytes();
  note.timestamp = in.bytes();
  note.text = in.bytes();
  note.created_ms = in.signed_varint();
  note.modified_ms = in.signed_varint();
  if (!in.at_end()) return std::unexpected(Error{Error::Kind::kCorruption, "a note is damaged"});
  return note;
}

}  // namespace tideway::note

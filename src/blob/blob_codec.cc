// What is known of a blob lies in the partition of its user:
//
//   F <kind> <created> <id>   version:byte = 1
//                             digest_md5:bytes media_type:bytes size:varint
//                             start_time:bytes end_time:bytes
//
// <kind> is a byte, 1 for blobs, 2 for device logs; <created> the time in milliseconds, big-endian
// with every bit turned over, so that an ascending scan meets the newest first; <id> the id as
// text. In the directory, for routes that name no user:
//
//   f <id>                    kind:byte created:signed-varint, then the user id
//
// bytes, varint and signed-varint as in base/coding.h. The content is a file, see files.h.
#include "base/coding.h"
#include "blob/blob.h"

namespace tideway::blob {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kKindAt = 1;
constexpr size_t kCreatedAt = 2;
constexpr size_t kIdAt = 10;

std::unexpected<store::Error> damaged() {
  return std::unexpected(
      store::Error{store::Error::Kind::kCorruption, "a blob's entry is damaged"});
}

}  // namespace

std::string kind_prefix(Kind kind) { return {'F', static_cast<char>(kind)}; }

std::string blob_key(const Blob& blob) {
  std::string key = kind_prefix(blob.kind);
  put_big_endian64(key, ~static_cast<uint64_t>(blob.created_ms));
  return key + blob.id;
}

std::string directory_key(std::string_view id) { return std::string("f").append(id); }

std::string encode_blob(const Blob& blob) {
  std::string out(1, static_cast<char>(kVersion));
  put_bytes(out, blob.digest_md5);
  put_bytes(out, blob.media_type);
  put_varint(out, blob.size_bytes);
  put_bytes(out, blob.start_time);
  put_bytes(out, blob.end_time);
  return out;
}

store::Result<Blob> decode_blob(std::string_view user_id, std::string_view key,
                                std::string_view bytes) {
  if (key.size() <= kIdAt) return damaged();
  Decoder in(bytes);
  const uint8_t version = in.byte();
  if (in.ok() && version != kVersion) {
    return std::unexpected(store::Error{store::Error::Kind::kVersion,
                                        "a blob has unknown version " + std::to_string(version)});
  }
  Blob blob;
  blob.user_id = user_id;
  blob.kind = static_cast<Kind>(key[kKindAt]);
  blob.created_ms = static_cast<int64_t>(~Decoder(key.substr(kCreatedAt)).big_endian64());
  blob.id = key.substr(kIdAt);
  blob.digest_md5 = in.bytes();
  blob.media_type = in.bytes();
  blob.size_bytes = in.varint();
  blob.start_time = in.bytes();
  blob.end_time = in.bytes();
  if (!in.at_end()) return damaged();
  return blob;
}

std::string encode_place(const Blob& blob) {
  std::string out(1, static_cast<char>(blob.kind));
  put_signed_varint(out, blob.created_ms);
  return out + blob.user_id;
}

store::Result<Blob> decode_place(std::string_view id, std::string_view bytes) {
  Decoder in(bytes);
  Blob blob;
  blob.id = id;
  blob.kind = static_cast<Kind>(in.byte());
  blob.created_ms = in.signed_varint();
  blob.user_id = in.rest();
  if (!in.ok()) return damaged();
  return blob;
}

}  // namespace tideway::blob

// A file that a client keeps beside its data: a raw device dump, or the log of an app.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::blob {

enum class Kind : uint8_t { kBlob = 1, kDeviceLog = 2 };

/// Beyond it an upload is refused (docs/spec/fetch.md 11).
inline constexpr uint64_t kSizeBytesMax = 100ull << 20;

struct Blob {
  std::string id;
  std::string user_id;
  Kind kind = Kind::kBlob;
  std::string digest_md5;  ///< base64
  std::string media_type;
  uint64_t size_bytes = 0;
  int64_t created_ms = 0;
  std::string start_time;  ///< RFC 3339, of what a device log covers; else empty, as the next
  std::string end_time;

  bool operator==(const Blob&) const = default;
};

/// The grammar of keys and values stands at the head of blob_codec.cc.
std::string kind_prefix(Kind kind);
std::string blob_key(const Blob& blob);
std::string directory_key(std::string_view id);

/// Id, kind and time of creation stand in the key, the user is the partition.
std::string encode_blob(const Blob& blob);
store::Result<Blob> decode_blob(std::string_view user_id, std::string_view key,
                                std::string_view bytes);

/// The directory's entry: enough to find the blob.
std::string encode_place(const Blob& blob);
store::Result<Blob> decode_place(std::string_view id, std::string_view bytes);

}  // namespace tideway::blob

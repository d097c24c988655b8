#include "dataset/keys.h"

#include <algorithm>

#include "base/coding.h"
#include "base/ids.h"

namespace tideway::dataset {
namespace {

/// In place of a length: the id is 32 hex digits, as 16 bytes.
constexpr uint8_t kHex = 0xff;

std::string set_key(char kind, std::string_view upload_id) {
  std::string key(1, kind);
  Bytes16 bytes;
  if (from_hex(upload_id, bytes)) {
    key += static_cast<char>(kHex);
    key.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } else {
    key += static_cast<char>(upload_id.size());
    key += upload_id;
  }
  return key;
}

std::string numbered_key(char kind, std::string_view upload_id, uint32_t number) {
  std::string key = set_key(kind, upload_id);
  put_big_endian32(key, number);
  return key;
}

}  // namespace

std::string data_set_key(std::string_view upload_id) { return set_key('S', upload_id); }
std::string summary_prefix(std::string_view upload_id) { return set_key('b', upload_id); }
std::string summary_key(std::string_view upload_id, uint32_t number) {
  return numbered_key('b', upload_id, number);
}
std::string block_key(std::string_view upload_id, uint32_t number) {
  return numbered_key('B', upload_id, number);
}
std::string piece_key(std::string_view upload_id, uint32_t number, uint32_t first_slot) {
  std::string key = block_key(upload_id, number);
  put_big_endian32(key, first_slot);
  return key;
}
std::string mask_key(std::string_view upload_id, uint32_t number) {
  return numbered_key('M', upload_id, number);
}
std::string index_prefix(std::string_view upload_id) { return set_key('O', upload_id); }
std::string directory_key(std::string_view upload_id) { return set_key('s', upload_id); }

BlockName parse_summary_key(std::string_view key) {
  Decoder in(key.substr(1));
  const size_t length = in.byte();
  BlockName name;
  if (length == kHex) {
    Bytes16 bytes{};
    std::ranges::copy(in.raw(bytes.size()), bytes.begin());
    name.upload_id = to_hex(bytes);
  } else {
    name.upload_id = in.raw(length);
  }
  name.number = in.big_endian32();
  return name;
}

}  // namespace tideway::dataset

#include "dataset/keys.h"

#include <algorithm>

#include "base/coding.h"
#include "base/ids.h"

namespace tideway::dataset {
namespace {

/// In place of a length: the id is 32 hex digits, as 16 bytes.
constexpr uint8_t kHex = 0xff;

void put_set_id(std::string& key, std::string_view upload_id) {
  Bytes16 bytes;
  if (from_hex(upload_id, bytes)) {
    key += static_cast<char>(kHex);
    key.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } else {
    key += static_cast<char>(upload_id.size());
    key += upload_id;
  }
}

std::string read_set_id(Decoder& in) {
  const size_t length = in.byte();
  if (length != kHex) return std::string(in.raw(length));
  Bytes16 bytes{};
  std::ranges::copy(in.raw(bytes.size()), bytes.begin());
  return to_hex(bytes);
}

std::string set_key(char kind, std::string_view upload_id) {
  std::string key(1, kind);
  put_set_id(key, upload_id);
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

BlockName parse_summary_key(std::string_view key) { return parse_block_name(key.substr(1)); }

std::string encode_set_id(std::string_view upload_id) {
  std::string out;
  put_set_id(out, upload_id);
  return out;
}

std::string encode_block_name(const BlockName& name) {
  std::string out = encode_set_id(name.upload_id);
  put_big_endian32(out, name.number);
  return out;
}

std::string parse_set_id(std::string_view encoded) {
  Decoder in(encoded);
  return read_set_id(in);
}

BlockName parse_block_name(std::string_view encoded) {
  Decoder in(encoded);
  BlockName name;
  name.upload_id = read_set_id(in);
  name.number = in.big_endian32();
  return name;
}

}  // namespace tideway::dataset

#include "dataset/keys.h"

#include "base/coding.h"

namespace tideway::dataset {
namespace {

std::string set_key(char kind, std::string_view upload_id) {
  std::string key(1, kind);
  key += static_cast<char>(upload_id.size());
  key += upload_id;
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
  name.upload_id = in.raw(length);
  name.number = in.big_endian32();
  return name;
}

}  // namespace tideway::dataset

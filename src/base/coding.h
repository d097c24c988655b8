// Fixed and variable length integers in byte strings. All little-endian but where the name says
// big-endian, which sorts like the number and so is used in keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tideway {

void put_fixed32(std::string& out, uint32_t value);
void put_fixed64(std::string& out, uint64_t value);
void put_big_endian32(std::string& out, uint32_t value);
void put_big_endian64(std::string& out, uint64_t value);
void put_varint(std::string& out, uint64_t value);         ///< LEB128, 1 to 10 bytes
void put_signed_varint(std::string& out, int64_t value);   ///< zigzag, then LEB128
void put_bytes(std::string& out, std::string_view bytes);  ///< varint length, then the bytes

/// Reads values in the order in which they were put. After the first read past the end `ok()` is
/// false and every further read gives zero or an empty view; check it once at the end.
class Decoder {
 public:
  explicit Decoder(std::string_view input) : rest_(input) {}

  uint8_t byte();
  uint32_t fixed32();
  uint64_t fixed64();
  uint32_t big_endian32();
  uint64_t big_endian64();
  uint64_t varint();
  int64_t signed_varint();
  std::string_view bytes();                 ///< varint length, then the bytes
  std::string_view raw(size_t size_bytes);  ///< exactly that many bytes

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace tideway

#include "base/coding.h"

#include <bit>
#include <cstring>

namespace tideway {
namespace {

static_assert(std::endian::native == std::endian::little);

template <class Unsigned>
void put_raw(std::string& out, Unsigned value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <class Unsigned>
Unsigned read_raw(std::string_view bytes) {
  Unsigned value = 0;
  if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

void put_fixed32(std::string& out, uint32_t value) { put_raw(out, value); }
void put_fixed64(std::string& out, uint64_t value) { put_raw(out, value); }
void put_big_endian32(std::string& out, uint32_t value) { put_raw(out, __builtin_bswap32(value)); }
void put_big_endian64(std::string& out, uint64_t value) { put_raw(out, __builtin_bswap64(value)); }

void put_varint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void put_signed_varint(std::string& out, int64_t value) {
  put_varint(out, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

void put_bytes(std::string& out, std::string_view bytes) {
  put_varint(out, bytes.size());
  out += bytes;
}

std::string_view Decoder::raw(size_t size_bytes) {
  if (size_bytes > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const std::string_view taken = rest_.substr(0, size_bytes);
  rest_.remove_prefix(size_bytes);
  return taken;
}

uint8_t Decoder::byte() { return read_raw<uint8_t>(raw(1)); }
uint32_t Decoder::fixed32() { return read_raw<uint32_t>(raw(4)); }
uint64_t Decoder::fixed64() { return read_raw<uint64_t>(raw(8)); }
uint32_t Decoder::big_endian32() { return __builtin_bswap32(fixed32()); }
uint64_t Decoder::big_endian64() { return __builtin_bswap64(fixed64()); }

uint64_t Decoder::varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const uint8_t next = byte();
    value |= static_cast<uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
  ok_ = false;
  rest_ = {};
  return 0;
}

int64_t Decoder::signed_varint() {
  const uint64_t value = varint();
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

std::string_view Decoder::bytes() { return raw(varint()); }

}  // namespace tideway

#include "base/ids.h"

#include <sodium.h>

#include <algorithm>

namespace tideway {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
/// Of a lower-case digit.
int value_of(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }
bool is_hex(char c) { return is_lower_hex(c) || (c >= 'A' && c <= 'F'); }

bool all(std::string_view text, bool (*accept)(char)) { return std::ranges::all_of(text, accept); }

}  // namespace

Bytes16 random_bytes16() {
  Bytes16 bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string to_hex(const Bytes16& bytes) {
  std::string out(bytes.size() * 2, '0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return out;
}

bool from_hex(std::string_view text, Bytes16& bytes) {
  if (text.size() != bytes.size() * 2 || !all(text, is_lower_hex)) return false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(value_of(text[2 * i]) << 4 | value_of(text[2 * i + 1]));
  }
  return true;
}

std::string random_id() { return to_hex(random_bytes16()); }

std::string RandomIds::next() {
  if (left_ == 0) {
    randombytes_buf(bytes_.data(), sizeof bytes_);
    left_ = bytes_.size();
  }
  return to_hex(bytes_[--left_]);
}

std::string random_user_id() { return random_id().substr(0, 10); }

std::string random_uuid() {
  Bytes16 bytes = random_bytes16();
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string out = to_hex(bytes);
  for (const size_t at : {8, 13, 18, 23}) out.insert(at, 1, '-');
  return out;
}

bool is_data_id(std::string_view id) {
  return id.size() == 32 &&
         all(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

bool is_data_set_id(std::string_view id) {
  if (id.starts_with("upid_")) {
    id.remove_prefix(5);
    return (id.size() == 12 || id.size() == 32) && all(id, is_lower_hex);
  }
  return id.size() == 32 && all(id, is_lower_hex);
}

bool is_user_id(std::string_view id) {
  if (id.size() == 10) return all(id, is_lower_hex);
  if (id.size() != 36) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? id[i] != '-' : !is_hex(id[i])) return false;
  }
  return true;
}

}  // namespace tideway

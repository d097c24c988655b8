// A cursor, before base64:
//
//   version  byte   1
//   type     bytes (varint length, then the bytes)
//   rank     time_ms, created_ms signed varint; created_order, number, slot varint
//   mac      byte[16], of all before it, the user and the filter
//
// The mac is HMAC-SHA-256 under a key that is derived from the store's own key of ids, so that
// there is no further secret to keep.
#include "query/cursor.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/coding.h"

namespace tideway::query {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kMacBytes = 16;
constexpr size_t kCursorBytesMax = 256;
constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

using Mac = std::array<uint8_t, crypto_auth_hmacsha256_BYTES>;

/// Two blocks of AES under the store's key; ids are made of random blocks, never of these.
std::array<uint8_t, crypto_auth_hmacsha256_KEYBYTES> mac_key(const store::IdCipher& cipher) {
  std::array<uint8_t, crypto_auth_hmacsha256_KEYBYTES> key;
  static_assert(crypto_auth_hmacsha256_KEYBYTES == 2 * sizeof(Bytes16));
  for (uint8_t half = 0; half < 2; ++half) {
    Bytes16 label{};
    std::ranges::copy(std::string_view("tideway cursor "), label.begin());
    label.back() = half;
    std::ranges::copy(cipher.encrypt(label), key.begin() + half * sizeof label);
  }
  return key;
}

void put_list(std::string& out, const std::vector<std::string>& list) {
  put_varint(out, list.size());
  for (const std::string& text : list) put_bytes(out, text);
}

void put_choice(std::string& out, std::optional<bool> choice) {
  out += static_cast<char>(choice ? 1 + *choice : 0);
}

/// All of a filter that decides what is in the answer and in which order.
void put_filter(std::string& out, const Filter& filter) {
  put_list(out, filter.types);
  put_list(out, filter.sub_types);
  put_signed_varint(out, filter.start_ms);
  put_signed_varint(out, filter.end_ms);
  put_bytes(out, filter.upload_id);
  put_bytes(out, filter.device_id);
  put_list(out, filter.dosing_decision_reasons);
  put_signed_varint(out, filter.sample_interval_min_ms);
  put_choice(out, filter.carelink);
  put_choice(out, filter.medtronic);
  put_choice(out, filter.cbg_filter);
}

Mac mac_of(std::string_view cursor, std::string_view user_id, const Filter& filter,
           const store::IdCipher& cipher) {
  std::string text;
  put_bytes(text, cursor);
  put_bytes(text, user_id);
  put_filter(text, filter);
  const auto key = mac_key(cipher);
  Mac mac;
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                         key.data());
  return mac;
}

}  // namespace

std::string write_cursor(const Position& position, std::string_view user_id, const Filter& filter,
                         const store::IdCipher& cipher) {
  std::string bytes(1, static_cast<char>(kVersion));
  put_bytes(bytes, position.type);
  put_signed_varint(bytes, position.rank.time_ms);
  put_signed_varint(bytes, position.rank.created_ms);
  put_varint(bytes, position.rank.created_order);
  put_varint(bytes, position.rank.number);
  put_varint(bytes, position.rank.slot);
  const Mac mac = mac_of(bytes, user_id, filter, cipher);
  bytes.append(reinterpret_cast<const char*>(mac.data()), kMacBytes);
  std::string text(sodium_base64_encoded_len(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                    bytes.size(), kBase64);
  text.pop_back();  // the terminating zero
  return text;
}

std::optional<Position> read_cursor(std::string_view text, std::string_view user_id,
                                    const Filter& filter, const store::IdCipher& cipher) {
  std::array<uint8_t, kCursorBytesMax> buffer;
  size_t size = 0;
  const char* end = nullptr;
  const int result = sodium_base642bin(buffer.data(), buffer.size(), text.data(), text.size(),
                                       nullptr, &size, &end, kBase64);
  if (result != 0 || end != text.data() + text.size() || size <= kMacBytes) return std::nullopt;
  const std::string_view bytes(reinterpret_cast<const char*>(buffer.data()), size - kMacBytes);
  const Mac mac = mac_of(bytes, user_id, filter, cipher);
  if (sodium_memcmp(mac.data(), buffer.data() + bytes.size(), kMacBytes) != 0) return std::nullopt;

  Decoder in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  Position position;
  position.type = in.bytes();
  position.rank.time_ms = in.signed_varint();
  position.rank.created_ms = in.signed_varint();
  position.rank.created_order = in.varint();
  position.rank.number = static_cast<uint32_t>(in.varint());
  position.rank.slot = static_cast<uint32_t>(in.varint());
  if (!in.at_end()) return std::nullopt;
  return position;
}

}  // namespace tideway::query

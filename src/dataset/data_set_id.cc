#include "dataset/data_set_id.h"

#include <algorithm>
#include <array>

namespace tideway::dataset {
namespace {

constexpr std::array<uint8_t, 3> kMagic = {0x54, 0x64, 0x77};
constexpr size_t kUserBytes = 5;
constexpr size_t kRandomAt = kMagic.size() + kUserBytes;

}  // namespace

std::optional<std::string> make_hinted_id(const store::IdCipher& cipher, std::string_view user_id) {
  if (user_id.size() != 2 * kUserBytes) return std::nullopt;
  Bytes16 user;
  if (!from_hex(std::string(user_id) + std::string(22, '0'), user)) return std::nullopt;
  Bytes16 plain = random_bytes16();
  std::ranges::copy(kMagic, plain.begin());
  std::copy_n(user.begin(), kUserBytes, plain.begin() + kMagic.size());
  static_assert(kRandomAt + 8 == std::tuple_size_v<Bytes16>);
  return to_hex(cipher.encrypt(plain));
}

std::optional<std::string> hinted_user(const store::IdCipher& cipher, std::string_view upload_id) {
  Bytes16 encrypted;
  if (!from_hex(upload_id, encrypted)) return std::nullopt;
  const Bytes16 plain = cipher.decrypt(encrypted);
  if (!std::equal(kMagic.begin(), kMagic.end(), plain.begin())) return std::nullopt;
  return to_hex(plain).substr(2 * kMagic.size(), 2 * kUserBytes);
}

}  // namespace tideway::dataset

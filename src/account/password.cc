#include "account/password.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace tideway::account {
namespace {

static_assert(PasswordCost{}.operations == crypto_pwhash_OPSLIMIT_INTERACTIVE);
static_assert(PasswordCost{}.memory_bytes == crypto_pwhash_MEMLIMIT_INTERACTIVE);

constexpr std::string_view kHashPrefix = "$argon2";

/// Holds one of the turns for as long as it lives.
class Turn {
 public:
  explicit Turn(std::counting_semaphore<kPasswordHashesAtOnce>& turns) : turns_(turns) {
    turns_.acquire();
  }
  ~Turn() { turns_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::counting_semaphore<kPasswordHashesAtOnce>& turns_;
};

template <size_t kBytes>
std::string random_base64() {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::array<uint8_t, kBytes> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, sodium_base64_ENCODED_LEN(kBytes, kVariant)> text;
  return sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
}

}  // namespace

std::string unmatched_hash(const PasswordCost& cost) {
  constexpr size_t kHashBytes = 32;
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_bytes / 1024,
                     cost.operations, random_base64<crypto_pwhash_SALTBYTES>(),
                     random_base64<kHashBytes>());
}

Passwords::Passwords(PasswordCost cost) : cost_(cost) {
  // Picks the fastest code for this processor; without it libsodium is correct but slow.
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  unmatched_hash_ = unmatched_hash(cost_);
}

std::optional<std::string> Passwords::hash(std::string_view password) {
  const Turn turn(turns_);
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), cost_.operations,
                        cost_.memory_bytes) != 0) {
    return std::nullopt;
  }
  return std::string(text.data());
}

Passwords::Verdict Passwords::verify(const std::string& hash, std::string_view password) {
  const Turn turn(turns_);
  verifications_.fetch_add(1, std::memory_order_relaxed);
  const std::string& against = hash.empty() ? unmatched_hash_ : hash;
  if (!against.starts_with(kHashPrefix)) return Verdict::kFailed;
  // libsodium sets EINVAL for a mismatch, so that want of memory is not taken for one.
  errno = 0;
  const bool equal =
      crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  if (!equal) return errno == EINVAL ? Verdict::kMismatch : Verdict::kFailed;
  return hash.empty() ? Verdict::kMismatch : Verdict::kMatch;
}

bool Passwords::needs_rehash(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.operations, cost_.memory_bytes) != 0;
}

}  // namespace tideway::account

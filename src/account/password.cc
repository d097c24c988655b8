#include "account/password.h"

#include <sodium.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "base/ids.h"

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

}  // namespace

Passwords::Passwords(PasswordCost cost) : cost_(cost) {
  // Picks the fastest code for this processor; without it libsodium is correct but slow.
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  std::optional<std::string> unmatched = hash(random_id());
  if (!unmatched) throw std::runtime_error("not enough memory to hash a password");
  unmatched_hash_ = *std::move(unmatched);
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

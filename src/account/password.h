// Password hashing: Argon2id, bounded in memory and equal in cost for known and unknown users.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

namespace tideway::account {

/// What one hash costs; libsodium's INTERACTIVE limits, some 50 ms on one core.
struct PasswordCost {
  unsigned long long operations = 2;
  size_t memory_bytes = 64u << 20;
};

/// Further hashes wait: this many times PasswordCost::memory_bytes is the most that logins take.
inline constexpr int kPasswordHashesAtOnce = 4;

/// A hash that no password matches, and that takes as much to find that out as another of this
/// cost: its bytes are drawn, not computed. libsodium must have been initialised.
std::string unmatched_hash(const PasswordCost& cost);

/// Makes and checks hashes in libsodium's text form. Safe to call from any thread; a call may wait
/// for its turn.
class Passwords {
 public:
  explicit Passwords(PasswordCost cost = {});

  /// Nothing when there was not enough memory.
  std::optional<std::string> hash(std::string_view password);

  enum class Verdict { kMatch, kMismatch, kFailed };
  /// Runs exactly one Argon2 computation for a sound hash and for an empty one. Empty stands for no
  /// such user, or a user without a password: then the computation is with a hash that nothing
  /// matches. kFailed: not enough memory, or the text is no hash.
  Verdict verify(const std::string& hash, std::string_view password);

  /// True when `hash` was made with other parameters than today's.
  bool needs_rehash(const std::string& hash) const;

  /// How many Argon2 computations verify() has run so far.
  uint64_t verifications() const { return verifications_.load(std::memory_order_relaxed); }

 private:
  PasswordCost cost_;
  std::string unmatched_hash_;
  std::counting_semaphore<kPasswordHashesAtOnce> turns_{kPasswordHashesAtOnce};
  std::atomic<uint64_t> verifications_{0};
};

}  // namespace tideway::account

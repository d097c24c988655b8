// The key pairs that sign our tokens: made at the first start, replaced every now and then, kept
// for as long as a token that they signed may be in use.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/jws.h"
#include "store/store.h"

namespace tideway::oidc {

/// A key signs for so long; then a new one does.
inline constexpr int64_t kKeyDurationSeconds = int64_t{90} * 24 * 3600;
/// How much longer it is published. Id tokens are shown again at logout, long after they expired.
inline constexpr int64_t kKeyGraceSeconds = int64_t{90} * 24 * 3600;

/// Safe to call from any thread.
class SigningKeys {
 public:
  static store::Result<std::unique_ptr<SigningKeys>> open(store::Store& store, int64_t now_s);

  /// Makes a new key when the present one is due, and drops those that nobody needs any more.
  store::Result<void> rotate(int64_t now_s);

  std::string sign(std::string_view claims_json) const;
  std::optional<std::string> verify(std::string_view text) const;

  std::string jwks() const;

 private:
  struct Pair {
    int64_t created_s = 0;
    Key private_key;
    Key public_key;
  };
  using Pairs = std::vector<Pair>;  // the newest first

  explicit SigningKeys(store::Store& store) : store_(store) {}
  static std::string encode(const Pairs& pairs);
  static store::Result<Pairs> decode(std::string_view bytes);
  static bool renew(Pairs& pairs, int64_t now_s);

  store::Store& store_;
  mutable std::shared_mutex mutex_;
  Pairs pairs_;  ///< guarded by mutex_
};

}  // namespace tideway::oidc

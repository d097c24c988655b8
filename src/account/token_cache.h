// Tokens whose signature was found good, so that it is not checked again with every request: that
// costs many times all else of a small request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>

#include "account/tokens.h"

namespace tideway::account {

/// Says only what was signed; whether it still holds is for the caller to check. Safe to call from
/// any thread.
class TokenCache {
 public:
  struct Entry {
    Token token;
    std::string grant_id = {};  ///< of a login with OpenID Connect, else empty
  };

  explicit TokenCache(size_t entries_max) : half_max_(entries_max / 2 + 1) {}

  std::optional<Entry> find(std::string_view text) const;
  void add(std::string_view text, const Entry& entry);
  size_t size() const;

 private:
  /// Of the text, as nobody can make two texts with the same one.
  using Digest = std::array<uint8_t, 32>;
  static Digest digest(std::string_view text);
  struct Hash {
    size_t operator()(const Digest& digest) const {
      size_t value = 0;
      std::memcpy(&value, digest.data(), sizeof value);
      return value;
    }
  };
  using Half = std::unordered_map<Digest, Entry, Hash>;

  const size_t half_max_;
  mutable std::shared_mutex mutex_;
  Half young_;  ///< both guarded by mutex_
  Half old_;    ///< what was young until it was full; the next time it goes
};

}  // namespace tideway::account

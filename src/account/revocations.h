// The tokens that were ended before their time. On disk one entry a token in the directory; all of
// them in memory too, so that checking a token touches no storage.
#pragma once

#include <cstdint>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/store.h"

namespace tideway::account {

/// Safe to call from any thread.
class Revocations {
 public:
  explicit Revocations(store::Store& store) : store_(store) {}

  /// Reads all entries and drops those that no longer matter. Call it once, first.
  store::Result<void> load(int64_t now_s);

  bool contains(std::string_view token_id) const;

  /// On disk when this returns a value, and then seen by contains(). On an error nothing changed.
  store::Result<void> add(std::string_view token_id, int64_t expires_s, int64_t now_s);

  size_t size() const;

 private:
  store::Result<void> purge(int64_t now_s);

  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): std asks for it
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Expiries = std::unordered_map<std::string, int64_t, Hash, std::equal_to<>>;

  store::Store& store_;
  mutable std::shared_mutex mutex_;
  Expiries expiries_;    ///< token id → Unix seconds; guarded by mutex_
  size_t purge_at_ = 0;  ///< size at which expired entries are dropped; guarded by mutex_
};

}  // namespace tideway::account

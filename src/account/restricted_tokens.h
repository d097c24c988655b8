// Restricted tokens: short-lived stand-ins for a user that open some paths only and travel in a URL
// (docs/spec/http.md 1.7). The grammar of what is stored stands at the head of
// restricted_tokens.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace tideway::account {

struct RestrictedToken {
  std::string id;  ///< 32 hex digits, and the secret itself
  std::string user_id;
  std::optional<std::vector<std::string>> paths;  ///< nothing: all paths
  Time expiration;
  int64_t created_ms = 0;
  int64_t modified_ms = 0;  ///< 0: never

  /// The object of the specification, without a line feed.
  std::string json() const;

  /// Whether a request for `path`, as sent but without /dataservices, is within the paths.
  bool covers(std::string_view path) const;
};

inline constexpr int64_t kRestrictedTokenDurationMs = int64_t{3600} * 1000;

/// So many tokens an account may have that have not expired.
inline constexpr size_t kRestrictedTokensMax = 200;

/// Safe to call from any thread.
class RestrictedTokens {
 public:
  using Clock = std::function<int64_t()>;  ///< milliseconds since 1970
  explicit RestrictedTokens(store::Store& store, Clock now_ms = now_milliseconds)
      : store_(store), now_ms_(std::move(now_ms)) {}

  /// What a client may choose; nothing: not said.
  struct Wish {
    std::optional<std::vector<std::string>> paths;
    std::optional<Time> expiration;
  };

  /// Durable when it returns. Nothing when the account has too many already.
  store::Result<std::optional<RestrictedToken>> create(std::string_view user_id, Wish wish);

  store::Result<std::vector<RestrictedToken>> list(std::string_view user_id);  ///< newest first
  store::Result<std::optional<RestrictedToken>> find(std::string_view id);
  /// What the wish does not say stays. Nothing when there is no such token.
  store::Result<std::optional<RestrictedToken>> update(std::string_view id, Wish wish);
  store::Result<void> remove(std::string_view id);
  store::Result<void> remove_all(std::string_view user_id);

  /// The user for whom `id` stands on `path` now, or nothing. Looks into the store at most once in
  /// kCacheMs for a token that is in use; until then another node's change is not seen, a change
  /// made here is.
  std::optional<std::string> authorise(std::string_view id, std::string_view path);

  static constexpr int64_t kCacheMs = 4000;

 private:
  static constexpr size_t kCacheEntriesMax = 4096;

  struct Cached {
    RestrictedToken token;
    int64_t read_ms = 0;
  };

  using Change = std::function<store::Result<store::Outcome>(store::Transaction&)>;
  store::Result<std::optional<RestrictedToken>> cached(std::string_view id);
  void forget(std::string_view id);

  store::Store& store_;
  const Clock now_ms_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Cached> cache_;  ///< guarded by mutex_
  uint64_t changes_ = 0;  ///< how often forget() was called; guarded by mutex_
};

}  // namespace tideway::account

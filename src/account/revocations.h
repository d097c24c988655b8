// The tokens that were ended before their time: single ones, and all that a user had at some
// moment. On disk one entry each in the directory; all of them in memory too, so that checking a
// token touches no storage. What other nodes write is taken over by refresh().
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

  /// Reads what was written since, by whatever node. One look at one key when nothing was.
  store::Result<void> refresh(int64_t now_s);

  bool contains(std::string_view token_id) const;

  /// Whether a user's token was ended in either way. One look, without an allocation.
  bool is_dead(std::string_view token_id, std::string_view user_id, int64_t issued_ms) const;

  /// The user's tokens issued before this instant are dead; 0 when there is none such.
  int64_t cutoff_ms(std::string_view user_id) const;

  /// On disk when these return a value, and then seen by the functions above. On an error nothing
  /// changed. An entry is kept until `expires_s`, when no token that it concerns is left.
  store::Result<void> add(std::string_view token_id, int64_t expires_s, int64_t now_s);
  store::Result<void> add_cutoff(std::string_view user_id, int64_t cutoff_ms, int64_t expires_s,
                                 int64_t now_s);

  size_t size() const;

 private:
  struct Entry {
    int64_t expires_s = 0;
    int64_t cutoff_ms = 0;  ///< of a user; 0 for a single token
  };
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): std asks for it
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;
  struct Known {
    Entries tokens;  ///< by token id
    Entries users;   ///< by user id
    Entries& of(std::string_view key);
    size_t size() const { return tokens.size() + users.size(); }
  };

  static bool decode(std::string_view key, std::string_view value, Entry& entry);
  store::Result<void> put(std::string key, const Entry& entry, int64_t now_s);
  store::Result<void> purge(int64_t now_s);
  void remember(std::string_view key, const Entry& entry);  ///< with mutex_ held

  store::Store& store_;
  mutable std::shared_mutex mutex_;
  Known known_;          ///< guarded by mutex_
  std::string seen_;     ///< the change mark of what known_ holds; guarded by mutex_
  size_t purge_at_ = 0;  ///< size at which expired entries are dropped; guarded by mutex_
};

}  // namespace tideway::account

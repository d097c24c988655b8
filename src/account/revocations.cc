// In the directory
//
//   r <token id>   expires_s:signed-varint
//   R <user id>    cutoff_ms:signed-varint expires_s:signed-varint
//   krevoked       16 random bytes, others after each change: the change mark
//
// with signed-varint as in base/coding.h. From expires_s on an entry is useless and may go.
#include "account/revocations.h"

#include <algorithm>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "base/coding.h"
#include "base/ids.h"

namespace tideway::account {
namespace {

constexpr std::string_view kTokenPrefix = "r";
constexpr std::string_view kUserPrefix = "R";
constexpr std::string_view kChangeMark = "krevoked";

/// Fewer entries than this are not worth a look at what has expired.
constexpr size_t kPurgeSizeMin = 1024;

bool has_expired(int64_t expires_s, int64_t now_s) { return expires_s <= now_s; }

std::string key_of(std::string_view prefix, std::string_view id) {
  std::string key(prefix);
  key += id;
  return key;
}

store::Error damaged() {
  return {store::Error::Kind::kCorruption, "a token revocation is damaged"};
}

}  // namespace

bool Revocations::decode(std::string_view key, std::string_view value, Entry& entry) {
  Decoder in(value);
  entry.cutoff_ms = key.starts_with(kUserPrefix) ? in.signed_varint() : 0;
  entry.expires_s = in.signed_varint();
  return in.at_end();
}

store::Result<void> Revocations::load(int64_t now_s) { return purge(now_s); }

bool Revocations::contains(std::string_view token_id) const {
  const std::shared_lock lock(mutex_);
  return known_.tokens.contains(token_id);
}

bool Revocations::is_dead(std::string_view token_id, std::string_view user_id,
                          int64_t issued_ms) const {
  const std::shared_lock lock(mutex_);
  if (known_.tokens.contains(token_id)) return true;
  const auto user = known_.users.find(user_id);
  return user != known_.users.end() && issued_ms < user->second.cutoff_ms;
}

int64_t Revocations::cutoff_ms(std::string_view user_id) const {
  const std::shared_lock lock(mutex_);
  const auto found = known_.users.find(user_id);
  return found == known_.users.end() ? 0 : found->second.cutoff_ms;
}

size_t Revocations::size() const {
  const std::shared_lock lock(mutex_);
  return known_.size();
}

store::Result<void> Revocations::add(std::string_view token_id, int64_t expires_s, int64_t now_s) {
  return put(key_of(kTokenPrefix, token_id), {.expires_s = expires_s, .cutoff_ms = 0}, now_s);
}

store::Result<void> Revocations::add_cutoff(std::string_view user_id, int64_t cutoff_ms,
                                            int64_t expires_s, int64_t now_s) {
  return put(key_of(kUserPrefix, user_id), {.expires_s = expires_s, .cutoff_ms = cutoff_ms}, now_s);
}

Revocations::Entries& Revocations::Known::of(std::string_view key) {
  return key.starts_with(kUserPrefix) ? users : tokens;
}

/// `key` is that in the directory, whose prefixes have one letter.
void Revocations::remember(std::string_view key, const Entry& entry) {
  Entry& known = known_.of(key)[std::string(key.substr(1))];
  // Two nodes may have ended the same sessions: the later end holds.
  known.cutoff_ms = std::max(known.cutoff_ms, entry.cutoff_ms);
  known.expires_s = std::max(known.expires_s, entry.expires_s);
}

store::Result<void> Revocations::put(std::string key, const Entry& entry, int64_t now_s) {
  const std::string mark = random_id();
  Entry stored;
  const auto done =
      store_.update(store::kDirectoryPartition,
                    [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
                      stored = entry;
                      const auto before = transaction.get(key);
                      if (!before) return std::unexpected(before.error());
                      if (Entry other; *before && decode(key, **before, other)) {
                        stored.cutoff_ms = std::max(stored.cutoff_ms, other.cutoff_ms);
                        stored.expires_s = std::max(stored.expires_s, other.expires_s);
                      }
                      std::string value;
                      if (key.starts_with(kUserPrefix)) put_signed_varint(value, stored.cutoff_ms);
                      put_signed_varint(value, stored.expires_s);
                      transaction.put(key, value);
                      transaction.put(kChangeMark, mark);
                      return store::Outcome::kCommit;
                    });
  // Remembered only once it is on disk: after a failure the token still verifies, so the client can
  // try again.
  if (!done) return done;
  bool purge_is_due = false;
  {
    const std::unique_lock lock(mutex_);
    remember(key, stored);
    purge_is_due = known_.size() >= purge_at_;
  }
  // If this fails, the revocation holds all the same and the next one tries again.
  if (purge_is_due) std::ignore = purge(now_s);
  return {};
}

store::Result<void> Revocations::refresh(int64_t now_s) {
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return std::unexpected(directory.error());
  const auto mark = (*directory)->get(kChangeMark);
  if (!mark) return std::unexpected(mark.error());
  {
    const std::shared_lock lock(mutex_);
    if (mark->value_or("") == seen_) return {};
  }
  return purge(now_s);
}

/// Reads the entries on disk, erases those that have expired, and takes the others into memory.
store::Result<void> Revocations::purge(int64_t now_s) {
  std::vector<std::pair<std::string, Entry>> alive;
  std::string mark;
  const auto apply = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    alive.clear();
    auto outcome = store::Outcome::kAbandon;
    bool readable = true;
    const auto take = [&](std::string_view key, std::string_view value) {
      Entry entry;
      readable = decode(key, value, entry);
      if (readable && has_expired(entry.expires_s, now_s)) {
        transaction.erase(key);
        outcome = store::Outcome::kCommit;
      } else if (readable) {
        alive.emplace_back(key, entry);
      }
      return readable;
    };
    for (const std::string_view prefix : {kTokenPrefix, kUserPrefix}) {
      const auto scanned = store::scan_prefix(transaction, prefix, take);
      if (!scanned) return std::unexpected(scanned.error());
      if (!readable) return std::unexpected(damaged());
    }
    const auto stored_mark = transaction.get(kChangeMark);
    if (!stored_mark) return std::unexpected(stored_mark.error());
    mark = stored_mark->value_or("");
    return outcome;
  };
  const auto done = store_.update(store::kDirectoryPartition, apply);
  if (!done) return done;
  const std::unique_lock lock(mutex_);
  for (Entries* entries : {&known_.tokens, &known_.users}) {
    std::erase_if(*entries,
                  [&](const auto& entry) { return has_expired(entry.second.expires_s, now_s); });
  }
  // Merged, not replaced: another thread may have added an entry since the scan.
  for (const auto& [key, entry] : alive) remember(key, entry);
  seen_ = mark;
  purge_at_ = std::max(kPurgeSizeMin, 2 * known_.size());
  return {};
}

}  // namespace tideway::account

// In the directory, "r" followed by the token id gives the second at which the token expires by
// itself, as a signed varint (base/coding.h). From then on the entry is useless and may go.
#include "account/revocations.h"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "base/coding.h"

namespace tideway::account {
namespace {

constexpr std::string_view kPrefix = "r";

/// Fewer entries than this are not worth a look at what has expired.
constexpr size_t kPurgeSizeMin = 1024;

bool has_expired(int64_t expires_s, int64_t now_s) { return expires_s <= now_s; }

}  // namespace

store::Result<void> Revocations::load(int64_t now_s) { return purge(now_s); }

bool Revocations::contains(std::string_view token_id) const {
  const std::shared_lock lock(mutex_);
  return expiries_.contains(token_id);
}

size_t Revocations::size() const {
  const std::shared_lock lock(mutex_);
  return expiries_.size();
}

store::Result<void> Revocations::add(std::string_view token_id, int64_t expires_s, int64_t now_s) {
  std::string key(kPrefix);
  key += token_id;
  std::string value;
  put_signed_varint(value, expires_s);
  const auto done = store_.update(store::kDirectoryPartition, [&](store::Transaction& transaction) {
    transaction.put(key, value);
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
  // Remembered only once it is on disk: after a failure the token still verifies, so the client can
  // try again.
  if (!done) return done;
  bool purge_is_due = false;
  {
    const std::unique_lock lock(mutex_);
    expiries_.insert_or_assign(std::string(token_id), expires_s);
    purge_is_due = expiries_.size() >= purge_at_;
  }
  // If this fails, the revocation holds all the same and the next one tries again.
  if (purge_is_due) std::ignore = purge(now_s);
  return {};
}

/// Reads the entries on disk, erases those that have expired, and takes the others into memory.
store::Result<void> Revocations::purge(int64_t now_s) {
  Expiries alive;
  const auto done =
      store_.update(store::kDirectoryPartition,
                    [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
                      alive.clear();
                      auto outcome = store::Outcome::kAbandon;
                      bool readable = true;
                      const auto scanned = store::scan_prefix(
                          transaction, kPrefix, [&](std::string_view key, std::string_view value) {
                            Decoder in(value);
                            const int64_t expires_s = in.signed_varint();
                            readable = in.at_end();
                            if (readable && has_expired(expires_s, now_s)) {
                              transaction.erase(key);
                              outcome = store::Outcome::kCommit;
                            } else if (readable) {
                              alive.emplace(key.substr(kPrefix.size()), expires_s);
                            }
                            return readable;
                          });
                      if (!scanned) return std::unexpected(scanned.error());
                      if (!readable) {
                        return std::unexpected(store::Error{store::Error::Kind::kCorruption,
                                                            "a token revocation is damaged"});
                      }
                      return outcome;
                    });
  if (!done) return done;
  const std::unique_lock lock(mutex_);
  std::erase_if(expiries_, [&](const auto& entry) { return has_expired(entry.second, now_s); });
  // Merged, not replaced: another thread may have added an entry since the scan.
  expiries_.merge(alive);
  purge_at_ = std::max(kPurgeSizeMin, 2 * expiries_.size());
  return {};
}

}  // namespace tideway::account

// Changing and removing accounts.
//
// A new e-mail takes three steps, because a commit spans one partition only: the directory's entry
// of the new address claims it for a while; the account takes it, if the claim still has time left;
// the entry becomes a plain one and that of the old address goes. After a crash in between the
// claim runs out, or the account has the e-mail and an entry that says so: either way
// find_by_email() is right.
#include <algorithm>
#include <tuple>

#include "account/accounts.h"
#include "account/user_codec.h"
#include "base/coding.h"
#include "base/ids.h"
#include "base/time.h"

namespace tideway::account {
namespace {

constexpr int64_t kClaimMs = 60'000;
/// The account takes the e-mail only with this much time left, far more than a commit needs.
constexpr int64_t kClaimReserveMs = 30'000;

bool is_valid(const UserUpdate& update) {
  if (update.email && !is_email(*update.email)) return false;
  if (update.password && !is_password(*update.password)) return false;
  return !update.roles || std::ranges::all_of(*update.roles, is_role);
}

void change(User& user, const UserUpdate& update, const std::string& password_hash) {
  if (update.email) user.email = *update.email;
  if (update.roles) user.roles = *update.roles;
  if (update.password) {
    user.password_hash = password_hash;
    std::erase(user.roles, kCustodialRole);
  }
  if (update.terms_accepted_ms) user.terms_accepted_ms = *update.terms_accepted_ms;
  if (update.email_verified) user.email_verified = *update.email_verified;
}

}  // namespace

/// Keeps everybody else from taking `email` for the time of a claim.
store::Result<Accounts::Claim> Accounts::claim(std::string_view email, std::string_view user_id) {
  auto result = Claim::kDone;
  const std::string key = email_key(email);
  const auto apply = [&](store::Transaction& directory) -> store::Result<store::Outcome> {
    result = Claim::kDone;
    const int64_t now_ms = now_milliseconds();
    const auto bytes = directory.get(key);
    if (!bytes) return std::unexpected(bytes.error());
    const EmailEntry entry = *bytes ? decode_email_entry(**bytes) : EmailEntry();
    if (!entry.user_id.empty() && entry.user_id != user_id) {
      const auto owner = find(entry.user_id);
      if (!owner) return std::unexpected(owner.error());
      // Without an account it is that of one being made just now.
      const bool stale = *owner && fold_email((*owner)->email) != fold_email(email) &&
                         entry.claimed_until_ms <= now_ms;
      if (!stale) {
        result = Claim::kTaken;
        return store::Outcome::kAbandon;
      }
    }
    directory.put(key, encode_email_entry({.user_id = std::string(user_id),
                                           .claimed_until_ms = now_ms + kClaimMs}));
    return store::Outcome::kCommit;
  };
  if (const auto done = store_.update(store::kDirectoryPartition, apply); !done) {
    return std::unexpected(done.error());
  }
  return result;
}

store::Result<void> Accounts::settle(std::string_view email, std::string_view user_id) {
  return store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
    directory.put(email_key(email), user_id);
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
}

/// Frees an e-mail that was the user's.
store::Result<void> Accounts::release(std::string_view email, std::string_view user_id) {
  const std::string key = email_key(email);
  return store_.update(store::kDirectoryPartition,
                       [&](store::Transaction& directory) -> store::Result<store::Outcome> {
                         const auto bytes = directory.get(key);
                         if (!bytes) return std::unexpected(bytes.error());
                         if (!*bytes || decode_email_entry(**bytes).user_id != user_id) {
                           return store::Outcome::kAbandon;
                         }
                         directory.erase(key);
                         return store::Outcome::kCommit;
                       });
}

std::expected<User, UpdateError> Accounts::apply(std::string_view user_id, const UserUpdate& update,
                                                 const std::string& password_hash,
                                                 int64_t deadline_ms) {
  std::optional<User> changed;
  const auto step = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    changed.reset();
    const auto bytes = transaction.get(kUserKey);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return store::Outcome::kAbandon;
    auto user = decode_user(user_id, **bytes);
    if (!user) return std::unexpected(user.error());
    if (deadline_ms != 0 && now_milliseconds() > deadline_ms) {
      return std::unexpected(
          store::Error{store::Error::Kind::kUnavailable, "claiming an e-mail took too long"});
    }
    change(*user, update, password_hash);
    transaction.put(kUserKey, encode_user(*user));
    changed = *std::move(user);
    return store::Outcome::kCommit;
  };
  if (!store_.update(user_id, step)) return std::unexpected(UpdateError::kStore);
  if (!changed) return std::unexpected(UpdateError::kNotFound);
  return *std::move(changed);
}

std::expected<User, UpdateError> Accounts::update(std::string_view user_id,
                                                  const UserUpdate& wanted) {
  UserUpdate update = wanted;
  if (update.email && update.email->empty()) update.email = temporary_email();
  if (!is_valid(update)) return std::unexpected(UpdateError::kInvalid);
  const auto before = find(user_id);
  if (!before) return std::unexpected(UpdateError::kStore);
  if (!*before) return std::unexpected(UpdateError::kNotFound);
  std::string password_hash;
  if (update.password) {
    auto hash = passwords_.hash(*update.password);
    if (!hash) return std::unexpected(UpdateError::kStore);
    password_hash = *std::move(hash);
  }
  if (!update.email) return apply(user_id, update, password_hash, 0);

  const int64_t deadline_ms = now_milliseconds() + kClaimMs - kClaimReserveMs;
  const auto claimed = claim(*update.email, user_id);
  if (!claimed) return std::unexpected(UpdateError::kStore);
  if (*claimed == Claim::kTaken) return std::unexpected(UpdateError::kExists);
  auto user = apply(user_id, update, password_hash, deadline_ms);
  if (!user) return user;
  // From here on the account has the e-mail; what fails now is put right by the next change.
  std::ignore = settle(*update.email, user_id);
  if (fold_email((*before)->email) != fold_email(*update.email)) {
    std::ignore = release((*before)->email, user_id);
  }
  return user;
}

store::Result<void> Accounts::remove(std::string_view user_id) {
  const auto user = find(user_id);
  if (!user) return std::unexpected(user.error());
  if (!*user) return {};
  const auto erased = store_.update(user_id, [](store::Transaction& transaction) {
    transaction.erase_range({}, {});
    std::string mark;
    put_signed_varint(mark, now_milliseconds());
    transaction.put(kDeletedKey, mark);
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
  if (!erased) return erased;
  // The account is gone; an entry of its e-mail that stays behind points nowhere. Likewise the
  // space comes back by and by.
  std::ignore = release((*user)->email, user_id);
  std::ignore = store_.reclaim(user_id);
  return {};
}

store::Result<void> Accounts::forget_deleted(int64_t before_ms) {
  store::Result<void> result;
  const auto walked = store_.partitions([&](std::string_view partition) {
    if (!is_user_id(partition)) return true;
    const auto reader = store_.read(partition);
    if (!reader) return true;
    const auto mark = (*reader)->get(kDeletedKey);
    if (!mark || !*mark || Decoder(**mark).signed_varint() >= before_ms) return true;
    result = store_.update(partition, [&](store::Transaction& transaction) {
      transaction.erase(kDeletedKey);
      return store::Result<store::Outcome>(store::Outcome::kCommit);
    });
    return result.has_value();
  });
  return walked ? result : walked;
}

}  // namespace tideway::account

#include "account/accounts.h"

#include <algorithm>

#include "account/user_codec.h"
#include "base/ids.h"
#include "base/time.h"

namespace tideway::account {
namespace {

/// A new id is one of 2^40, so even a second attempt is rare; more mean that something is broken.
constexpr int kIdAttemptsMax = 16;

bool is_valid(const NewUser& user) {
  return is_email(user.email) && is_password(user.password) &&
         (user.id.empty() || is_user_id(user.id)) && std::ranges::all_of(user.roles, is_role);
}

/// The account that `wanted` describes, still without an id.
User new_account(const NewUser& wanted, std::string password_hash) {
  User user;
  user.email = wanted.email;
  user.full_name = wanted.full_name;
  user.email_verified = wanted.verified;
  user.created_ms = now_milliseconds();
  user.password_hash = std::move(password_hash);
  if (user.full_name.empty()) user.full_name = wanted.email.substr(0, wanted.email.find('@'));
  if (user.email_verified) user.terms_accepted_ms = user.created_ms;
  for (const std::string& role : wanted.roles) {
    if (std::ranges::find(user.roles, role) == user.roles.end()) user.roles.push_back(role);
  }
  if (user.roles.empty()) user.roles.emplace_back("patient");
  return user;
}

bool has_email(const User& user, std::string_view email) {
  return fold_email(user.email) == fold_email(email);
}

}  // namespace

Accounts::Accounts(store::Store& store, PasswordCost cost) : store_(store), passwords_(cost) {}

// Two steps, because a commit spans one partition only: first the e-mail's entry in the directory
// names an id, then the account is written under that id unless there is one already. Whoever finds
// an entry without an account (left by a crash, or by another creation still between its steps)
// goes on with the same id, so of all who want one e-mail exactly one writes the account.
std::expected<User, CreateError> Accounts::create(const NewUser& wanted) {
  if (!is_valid(wanted)) return std::unexpected(CreateError::kInvalid);
  const auto existing = find_by_email(wanted.email);
  if (!existing) return std::unexpected(CreateError::kStore);
  if (*existing) return std::unexpected(CreateError::kExists);
  // Hashing takes long: before the steps, so that no lock is held meanwhile.
  std::optional<std::string> hash = passwords_.hash(wanted.password);
  if (!hash) return std::unexpected(CreateError::kStore);
  return store_new(new_account(wanted, *std::move(hash)), wanted.id);
}

std::expected<User, CreateError> Accounts::create_custodial(std::string_view email,
                                                            std::string_view full_name) {
  User user;
  user.email = email.empty() ? temporary_email() : std::string(email);
  if (!is_email(user.email)) return std::unexpected(CreateError::kInvalid);
  user.full_name = full_name;
  user.roles = {std::string(kCustodialRole), "patient"};
  user.created_ms = now_milliseconds();
  return store_new(std::move(user));
}

std::expected<User, CreateError> Accounts::store_new(User user, std::string_view wanted_id) {
  for (int attempt = 0; attempt < kIdAttemptsMax; ++attempt) {
    const auto id = reserve(user.email, wanted_id);
    if (!id) return std::unexpected(CreateError::kStore);
    if (!*id) return std::unexpected(CreateError::kExists);
    user.id = **id;
    const auto inserted = insert(user);
    if (!inserted) return std::unexpected(CreateError::kStore);
    if (*inserted == Insert::kEmailTaken) return std::unexpected(CreateError::kExists);
    if (*inserted == Insert::kDone) return user;
    if (!wanted_id.empty()) return std::unexpected(CreateError::kExists);
  }
  return std::unexpected(CreateError::kStore);
}

/// The id that the directory has for `email` after this, or nothing when an account has the e-mail.
store::Result<std::optional<std::string>> Accounts::reserve(std::string_view email,
                                                            std::string_view wanted_id) {
  std::optional<std::string> id;
  const auto done = store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
    return reserve_in(directory, email, wanted_id, id);
  });
  if (!done) return std::unexpected(done.error());
  return id;
}

store::Result<store::Outcome> Accounts::reserve_in(store::Transaction& directory,
                                                   std::string_view email,
                                                   std::string_view wanted_id,
                                                   std::optional<std::string>& id) {
  id.reset();
  const std::string key = email_key(email);
  const auto entry = directory.get(key);
  if (!entry) return std::unexpected(entry.error());
  const EmailEntry found = *entry ? decode_email_entry(**entry) : EmailEntry();
  if (!found.user_id.empty()) {
    const auto owner = find(found.user_id);
    if (!owner) return std::unexpected(owner.error());
    if (!*owner) id = found.user_id;
    // What remains is an account with another e-mail: unless it is just about to take this one, a
    // fresh id replaces the stale entry.
    if (!*owner || has_email(**owner, email) || found.claimed_until_ms > now_milliseconds()) {
      return store::Outcome::kAbandon;
    }
  }
  auto fresh = wanted_id.empty() ? free_id() : store::Result<std::string>(wanted_id);
  if (!fresh) return std::unexpected(fresh.error());
  id = *std::move(fresh);
  directory.put(key, *id);
  return store::Outcome::kCommit;
}

store::Result<std::string> Accounts::free_id() {
  for (int attempt = 0; attempt < kIdAttemptsMax; ++attempt) {
    std::string id = random_user_id();
    const auto user = find(id);
    if (!user) return std::unexpected(user.error());
    if (!*user) return id;
  }
  return std::unexpected(
      store::Error{store::Error::Kind::kUnavailable, "no free user id was found"});
}

/// Writes the account unless its id has one.
store::Result<Accounts::Insert> Accounts::insert(const User& user) {
  Insert result = Insert::kDone;
  const auto done =
      store_.update(user.id, [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
        const auto present = transaction.get(kUserKey);
        if (!present) return std::unexpected(present.error());
        if (*present) {
          const auto other = decode_user(user.id, **present);
          if (!other) return std::unexpected(other.error());
          result = has_email(*other, user.email) ? Insert::kEmailTaken : Insert::kIdTaken;
          return store::Outcome::kAbandon;
        }
        result = Insert::kDone;
        transaction.erase(kDeletedKey);
        transaction.put(kUserKey, encode_user(user));
        return store::Outcome::kCommit;
      });
  if (!done) return std::unexpected(done.error());
  return result;
}

store::Result<std::optional<User>> Accounts::find(std::string_view user_id) {
  // Anything else could name a partition that is no user's.
  if (!is_user_id(user_id)) return std::nullopt;
  const auto reader = store_.read(user_id);
  if (!reader) return std::unexpected(reader.error());
  const auto bytes = (*reader)->get(kUserKey);
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto user = decode_user(user_id, **bytes);
  if (!user) return std::unexpected(user.error());
  return *std::move(user);
}

store::Result<std::optional<User>> Accounts::find_by_email(std::string_view email) {
  if (!is_email(email)) return std::nullopt;
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return std::unexpected(directory.error());
  const auto id = (*directory)->get(email_key(email));
  if (!id) return std::unexpected(id.error());
  if (!*id) return std::nullopt;
  auto user = find(decode_email_entry(**id).user_id);
  if (user && *user && !has_email(**user, email)) return std::nullopt;
  return user;
}

store::Result<std::optional<User>> Accounts::authenticate(std::string_view email,
                                                          std::string_view password) {
  auto user = find_by_email(email);
  if (!user) return user;
  const auto matches = has_password(user->value_or(User()), password);
  if (!matches) return std::unexpected(matches.error());
  if (!*matches) return std::nullopt;
  if (passwords_.needs_rehash((*user)->password_hash)) renew_hash(**user, password);
  return user;
}

store::Result<bool> Accounts::has_password(const User& user, std::string_view password) {
  switch (passwords_.verify(user.password_hash, password)) {
    case Passwords::Verdict::kMatch:
      return true;
    case Passwords::Verdict::kMismatch:
      return false;
    case Passwords::Verdict::kFailed:
      break;
  }
  return std::unexpected(store::Error{store::Error::Kind::kUnavailable,
                                      "a password could not be verified: no memory, or the "
                                      "stored hash is damaged"});
}

store::Result<void> Accounts::each(const std::function<bool(const User&)>& visit) {
  store::Result<void> result;
  const auto walked = store_.partitions([&](std::string_view partition) {
    const auto user = find(partition);
    if (!user) {
      result = std::unexpected(user.error());
      return false;
    }
    return !*user || visit(**user);
  });
  return walked ? result : walked;
}

/// Replaces the hash by one with today's parameters. Does nothing on failure: the old hash is still
/// good, and the next login tries again.
void Accounts::renew_hash(User& user, std::string_view password) {
  const std::optional<std::string> hash = passwords_.hash(password);
  if (!hash) return;
  bool replaced = false;
  const auto apply = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    replaced = false;
    const auto bytes = transaction.get(kUserKey);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return store::Outcome::kAbandon;
    auto current = decode_user(user.id, **bytes);
    if (!current) return std::unexpected(current.error());
    // Another password was set meanwhile: it must stay.
    if (current->password_hash != user.password_hash) return store::Outcome::kAbandon;
    current->password_hash = *hash;
    transaction.put(kUserKey, encode_user(*current));
    replaced = true;
    return store::Outcome::kCommit;
  };
  if (store_.update(user.id, apply) && replaced) user.password_hash = *hash;
}

}  // namespace tideway::account

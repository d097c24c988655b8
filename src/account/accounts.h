// User accounts and their passwords (docs/spec/http.md 2.1, 2.2).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/password.h"
#include "store/store.h"

namespace tideway::account {

struct User {
  std::string id;
  std::string email;  ///< as the owner wrote it; compared without regard to case
  std::string full_name;
  std::vector<std::string> roles;
  bool email_verified = false;
  int64_t terms_accepted_ms = 0;  ///< 0: not accepted
  int64_t created_ms = 0;
  std::string password_hash;  ///< Argon2id in libsodium's text form; empty: no login by password
};

/// The roles that an account may have, in the order of docs/spec/http.md 2.1.
bool is_role(std::string_view role);
bool is_email(std::string_view text);     ///< the form of docs/spec/http.md 2.2
bool is_password(std::string_view text);  ///< 8 to 72 characters, no white space

/// Who reads a user object: servers are told also whether the user has a password.
enum class Audience { kUser, kServer };

/// The user object of docs/spec/http.md 2.1, keys in alphabetical order.
std::string user_json(const User& user, Audience audience = Audience::kUser);

struct NewUser {
  std::string email;
  std::string password;
  std::string full_name;  ///< empty: the part of the e-mail before the @
  std::vector<std::string> roles;
  bool verified = true;  ///< e-mail verified and terms accepted from the start
  std::string id = {};   ///< empty: a new one; else no account may have it
};

enum class CreateError { kInvalid, kExists, kStore };

/// What to change; what is not said stays.
struct UserUpdate {
  std::optional<std::string> email;  ///< empty: none, which gives the account a temporary address
  std::optional<std::string> password;  ///< ends custody: the role custodial_account goes
  std::optional<std::vector<std::string>> roles;
  std::optional<int64_t> terms_accepted_ms;
  std::optional<bool> email_verified;
};

enum class UpdateError { kInvalid, kNotFound, kExists, kStore };

/// So long it is remembered that there was an account: no request takes as long.
inline constexpr int64_t kDeletedKeptMs = int64_t{7} * 24 * 3600 * 1000;

inline constexpr std::string_view kCustodialRole = "custodial_account";

/// An address of the kind that is never shown (docs/spec/http.md 2.1), never the same twice.
std::string temporary_email();
bool is_temporary_email(std::string_view email);

/// Safe to call from any thread.
class Accounts {
 public:
  explicit Accounts(store::Store& store, PasswordCost cost = {});

  /// Fails with kInvalid when e-mail, password or a role has not the required form. No roles means
  /// {"patient"}; a role given twice counts once.
  std::expected<User, CreateError> create(const NewUser& user);

  /// An account without a password in the custody of another one. Without an e-mail it gets a
  /// temporary address.
  std::expected<User, CreateError> create_custodial(std::string_view email,
                                                    std::string_view full_name);

  /// Durable when it returns. One atomic step but for the e-mail, whose old address becomes free in
  /// a second one.
  std::expected<User, UpdateError> update(std::string_view user_id, const UserUpdate& update);

  /// Destroys the account with everything in its partition, and frees its e-mail. No account is no
  /// error. What lies elsewhere (grants, restricted tokens, ids of data sets) has to go before.
  /// A mark stays, so that requests that were on their way can tell (account_guard.h).
  store::Result<void> remove(std::string_view user_id);

  /// Removes the marks of accounts that were removed before then.
  store::Result<void> forget_deleted(int64_t before_ms);

  /// Calls `visit` with every account, in no particular order; false ends it.
  store::Result<void> each(const std::function<bool(const User&)>& visit);

  store::Result<std::optional<User>> find(std::string_view user_id);
  store::Result<std::optional<User>> find_by_email(std::string_view email);

  /// The user whose e-mail and password these are, or nothing. An unknown e-mail costs as much time
  /// as a wrong password. Blocks for some 50 ms; at most a few run at a time to bound memory.
  store::Result<std::optional<User>> authenticate(std::string_view email,
                                                  std::string_view password);

  /// Whether this is the password of the account. Costs as much as authenticate().
  store::Result<bool> has_password(const User& user, std::string_view password);

  const Passwords& passwords() const { return passwords_; }

 private:
  store::Result<std::optional<std::string>> reserve(std::string_view email,
                                                    std::string_view wanted_id);
  store::Result<store::Outcome> reserve_in(store::Transaction& directory, std::string_view email,
                                           std::string_view wanted_id,
                                           std::optional<std::string>& id);
  enum class Insert { kDone, kEmailTaken, kIdTaken };
  store::Result<Insert> insert(const User& user);
  store::Result<std::string> free_id();
  std::expected<User, CreateError> store_new(User user, std::string_view wanted_id = {});
  enum class Claim { kDone, kTaken };
  store::Result<Claim> claim(std::string_view email, std::string_view user_id);
  store::Result<void> settle(std::string_view email, std::string_view user_id);
  store::Result<void> release(std::string_view email, std::string_view user_id);
  std::expected<User, UpdateError> apply(std::string_view user_id, const UserUpdate& update,
                                         const std::string& password_hash, int64_t deadline_ms);
  void renew_hash(User& user, std::string_view password);

  store::Store& store_;
  Passwords passwords_;
};

}  // namespace tideway::account

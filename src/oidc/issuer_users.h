// Which account here a user of another issuer is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "account/accounts.h"
#include "store/store.h"

namespace tideway::oidc {

struct IssuerUserOptions {
  std::string issuer;
  bool create = false;  ///< an account at the first login
};

/// What a token tells about its user.
struct IssuerUser {
  std::string subject;
  std::string email;
  std::string name;
  bool email_verified = false;
};

/// Safe to call from any thread.
class IssuerUsers {
 public:
  IssuerUsers(store::Store& store, account::Accounts& accounts, IssuerUserOptions options)
      : store_(store), accounts_(accounts), options_(std::move(options)) {}

  /// The id of the account, or nothing when there is none. In this order: the account whose id is
  /// the subject; the one that the subject was linked to; the one with the same e-mail address, if
  /// the issuer has verified that, which then is linked; a new one, if that is wanted. It gets the
  /// subject for its id where that has the form of one, because clients take it for the user id.
  std::optional<std::string> find(const IssuerUser& user);

 private:
  std::optional<std::string> linked(std::string_view subject);
  bool link(std::string_view subject, std::string_view user_id);
  std::optional<std::string> create(const IssuerUser& user);

  store::Store& store_;
  account::Accounts& accounts_;
  const IssuerUserOptions options_;
};

}  // namespace tideway::oidc

// Accounts: docs/spec/http.md 2.1, 2.2.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/accounts.h"
#include "account/login_limits.h"
#include "account/restricted_tokens.h"
#include "account/sharing.h"
#include "account/tokens.h"
#include "server/router.h"

namespace tideway::api {

struct UsersOptions {
  bool registration_open = false;    ///< whether POST /auth/user makes accounts
  bool verify_new_accounts = false;  ///< else a new account's login is 403 until it is verified
};

/// What the routes of accounts work on.
struct UsersParts {
  account::Accounts& accounts;
  account::Tokens& tokens;
  account::Sharing& sharing;
  account::RestrictedTokens& restricted_tokens;
  account::LoginLimits& limits;
  /// Destroys the health data of a user, wherever it lies.
  std::function<store::Result<void>(std::string_view user_id)> erase_data;
};

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class UsersApi {
 public:
  UsersApi(UsersParts parts, UsersOptions options);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;
  using Users = store::Result<std::optional<account::User>>;

  Response own_user(const Request& request);
  Response other_user(const Request& request);
  Response list(const Request& request);
  Response create(const Request& request);
  Response create_custodial(const Request& request);
  Response update_own(const Request& request);
  Response update_other(const Request& request);
  Response remove(const Request& request);

  Users find(std::string_view id_or_email);
  Response show(const Request& request, const account::Token& caller, std::string_view id_or_email);
  Response update(const Request& request, const account::Token& caller,
                  std::string_view id_or_email);
  Response with_new_token(Response response, const account::User& user);
  /// What the caller is to the account: nothing when it is a stranger.
  enum class Role { kStranger, kOwner, kCustodian, kServer };
  store::Result<Role> role_of(const account::Token& caller, const account::User& user);
  store::Result<void> end_access(std::string_view user_id);
  store::Result<void> destroy(std::string_view user_id);

  UsersParts parts_;
  const UsersOptions options_;
};

}  // namespace tideway::api

// Login, session tokens and user objects: docs/spec/http.md 1.3 to 1.5, 2.1, 2.2, 9.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/accounts.h"
#include "account/tokens.h"
#include "server/router.h"

namespace tideway::api {

struct AuthOptions {
  bool registration_open = false;    ///< whether POST /auth/user makes accounts
  bool verify_new_accounts = false;  ///< else a new account's login is 403 until it is verified
  std::string version = {};          ///< shown by GET /auth/status
};

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class AuthApi {
 public:
  AuthApi(account::Accounts& accounts, account::Tokens& tokens, AuthOptions options);

  std::vector<server::Route> routes();

 private:
  server::Response login(const server::Request& request);
  server::Response logout(const server::Request& request);
  server::Response renew_token(const server::Request& request);
  server::Response check_own_token(const server::Request& request);
  server::Response check_token(const server::Request& request);
  server::Response own_user(const server::Request& request);
  server::Response other_user(const server::Request& request);
  server::Response create_user(const server::Request& request);
  server::Response status(const server::Request& request);

  std::optional<account::Token> session_token(const server::Request& request) const;
  server::Response user_reply(const account::Token& caller, std::string_view id_or_email);
  server::Response with_new_token(server::Response response, const account::User& user);

  account::Accounts& accounts_;
  account::Tokens& tokens_;
  const AuthOptions options_;
};

}  // namespace tideway::api

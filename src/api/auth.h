// Login and session tokens: docs/spec/http.md 1.3 to 1.6, 9.2. Accounts stand in users.h.
#pragma once

#include <string>
#include <vector>

#include "account/accounts.h"
#include "account/login_limits.h"
#include "account/tokens.h"
#include "server/router.h"

namespace tideway::api {

struct AuthOptions {
  std::string server_secret = {};  ///< of POST /auth/serverlogin; empty: no server can log in
  std::string version = {};        ///< shown by GET /auth/status
};

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class AuthApi {
 public:
  AuthApi(account::Accounts& accounts, account::Tokens& tokens, account::LoginLimits& limits,
          AuthOptions options);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response login(const Request& request);
  Response server_login(const Request& request);
  Response logout(const Request& request);
  Response end_sessions(const Request& request);
  Response renew_token(const Request& request);
  Response check_own_token(const Request& request);
  Response check_token(const Request& request);
  Response private_pair(const Request& request);
  Response status(const Request& request);

  account::Accounts& accounts_;
  account::Tokens& tokens_;
  account::LoginLimits& limits_;
  const AuthOptions options_;
};

}  // namespace tideway::api

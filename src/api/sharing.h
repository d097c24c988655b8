// Permissions between accounts over HTTP: /access/… of docs/spec/http.md 2.4.
#pragma once

#include <vector>

#include "account/accounts.h"
#include "account/sharing.h"
#include "account/tokens.h"
#include "api/credentials.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class SharingApi {
 public:
  SharingApi(account::Accounts& accounts, account::Sharing& sharing, const account::Tokens& tokens)
      : accounts_(accounts), sharing_(sharing), tokens_(tokens) {}

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response groups(const Request& request, const Identity& caller);
  Response granted_by(const Request& request, const Identity& caller);
  Response pair(const Request& request, const Identity& caller);
  Response grant(const Request& request, const Identity& caller);

  account::Accounts& accounts_;
  account::Sharing& sharing_;
  const account::Tokens& tokens_;
};

}  // namespace tideway::api

// Profiles and other collections over HTTP: /metadata/… of docs/spec/http.md 2.5. The users around
// an account stand in associated_users.cc.
#pragma once

#include <vector>

#include "account/accounts.h"
#include "account/profiles.h"
#include "account/sharing.h"
#include "account/tokens.h"
#include "api/credentials.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class ProfilesApi {
 public:
  ProfilesApi(account::Accounts& accounts, account::Sharing& sharing, account::Profiles& profiles,
              const account::Tokens& tokens)
      : accounts_(accounts), sharing_(sharing), profiles_(profiles), tokens_(tokens) {}

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response get(const Request& request, const Identity& caller);
  Response put(const Request& request, const Identity& caller);
  Response remove(const Request& request, const Identity& caller);
  Response private_pair(const Request& request, const Identity& caller);
  Response associated_users(const Request& request, const Identity& caller);

  struct Described {
    std::string text;     ///< the element of the answer
    std::string profile;  ///< as stored, for filters
  };
  store::Result<Described> describe(const account::User& user,
                                    const account::PermissionSet& trustor,
                                    const account::PermissionSet& trustee,
                                    account::Audience audience) const;

  store::Result<bool> may_manage(const Identity& caller, std::string_view user_id) const;

  account::Accounts& accounts_;
  account::Sharing& sharing_;
  account::Profiles& profiles_;
  const account::Tokens& tokens_;
};

}  // namespace tideway::api

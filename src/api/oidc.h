// The OpenID provider over HTTP, under the paths that Keycloak has, because clients build them
// themselves (docs/spec/http.md 1.9, docs/spec/clients.md 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/login_limits.h"
#include "account/tokens.h"
#include "api/oidc_pages.h"
#include "api/oidc_request.h"
#include "api/users.h"
#include "oidc/provider.h"
#include "server/query.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class OidcApi {
 public:
  OidcApi(oidc::Provider& provider, const account::Tokens& tokens, account::LoginLimits& limits,
          UsersOptions registration)
      : provider_(provider), tokens_(tokens), limits_(limits), registration_(registration) {}

  std::vector<server::Route> routes();

 private:
  // oidc.cc
  server::Response discovery();
  server::Response keys(const server::Request& request);
  server::Response token(const server::Request& request);
  server::Response user_info(const server::Request& request);
  server::Response revoke(const server::Request& request);

  // oidc_login.cc
  server::Response authorize(const server::Request& request);
  server::Response log_in(const server::Request& request);
  server::Response log_out(const server::Request& request);
  server::Response confirm_logout(const server::Request& request);

  // oidc_registration.cc
  server::Response registrations(const server::Request& request);
  server::Response create_account(const server::Request& request);
  server::Response show_registration(const server::Request& request, uint16_t status,
                                     RegistrationForm form) const;

  server::Response show_form(const server::Request& request, const AuthorizationRequest& wanted,
                             uint16_t status, std::string_view query, std::string_view email,
                             std::string_view problem) const;
  server::Response refuse(const AuthorizationRequest& wanted, uint16_t redirect_status) const;
  server::Response give_code(const AuthorizationRequest& wanted, const oidc::BrowserLogin& login,
                             uint16_t redirect_status);
  server::Response remember(const server::Request& request, const AuthorizationRequest& wanted,
                            const std::string& user_id);
  std::optional<oidc::BrowserLogin> reusable_login(const server::Request& request,
                                                   const AuthorizationRequest& wanted) const;
  bool is_own_form(const server::Request& request, const server::Query& form) const;
  void add_csrf_cookie(const server::Request& request, server::Response& response,
                       std::string_view value) const;
  std::string csrf_value(const server::Request& request) const;
  server::Response end_of_logout(const server::Query& query, std::string_view client_id) const;
  void forget_browser(const server::Request& request, server::Response& response);
  std::string path(std::string_view rest) const;

  oidc::Provider& provider_;
  const account::Tokens& tokens_;
  account::LoginLimits& limits_;
  const UsersOptions registration_;
};

/// The parameters of a form; nothing when the body is no form, or damaged, or has one twice.
std::optional<server::Query> read_form(const server::Request& request);

}  // namespace tideway::api

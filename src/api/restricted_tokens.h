// Restricted tokens over HTTP: docs/spec/http.md 1.7.
#pragma once

#include <vector>

#include "account/restricted_tokens.h"
#include "api/platform.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class RestrictedTokensApi {
 public:
  RestrictedTokensApi(account::RestrictedTokens& tokens, const Platform& platform)
      : tokens_(tokens), platform_(platform) {}

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response create(const Request& request, const Identity& caller);
  Response list(const Request& request, const Identity& caller);
  Response remove_all(const Request& request, const Identity& caller);
  Response get(const Request& request, const Identity& caller);
  Response update(const Request& request, const Identity& caller);
  Response remove(const Request& request, const Identity& caller);

  account::RestrictedTokens& tokens_;
  const Platform& platform_;
};

}  // namespace tideway::api

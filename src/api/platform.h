// What all routes of family P share: credentials before anything else, then the requirement of the
// route, then the handler (docs/spec/http.md 1.1, 1.2).
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "account/tokens.h"
#include "api/credentials.h"
#include "server/router.h"

namespace tideway::api {

/// Who may call a route, before its handler looks at permissions.
enum class Requirement {
  kNone,
  kAuthenticated,  ///< users and services; 401 for others
  kService,        ///< services; 403 for users, 401 for others
  kUser,           ///< users; 403 for services, 401 for others
};

using PlatformHandler = std::function<server::Response(const server::Request&, const Identity&)>;
/// The same for a body that is taken piece by piece.
using PlatformReceiver =
    std::function<std::expected<std::unique_ptr<server::BodyReceiver>, server::Response>(
        const server::Request&, const Identity&)>;

/// What it is given must outlive it, and it the routes made with it.
class Platform {
 public:
  Platform(const account::Tokens& tokens, account::RestrictedTokens& restricted_tokens,
           std::string service_secret);

  /// A route that is also reachable under /dataservices.
  server::Route route(std::string method, std::string pattern, Requirement requirement,
                      uint64_t body_size_bytes_max, PlatformHandler handler) const;
  /// The same with a body that is not collected in memory; what is refused is so before it is read.
  server::Route receiving_route(std::string method, std::string pattern, Requirement requirement,
                                uint64_t body_size_bytes_max, PlatformReceiver receiver) const;

  /// The answer to a path or method that no route has; malformed credentials win over it.
  server::Response no_route(const server::Request& request, bool path_known) const;

  /// Who sends a request of a family that reads the session token, else a restricted token.
  Identity reader(const server::Request& request) const;

 private:
  std::expected<Identity, server::Response> admit(const server::Request& request,
                                                  Requirement requirement) const;

  const account::Tokens& tokens_;
  account::RestrictedTokens& restricted_tokens_;
  const std::string service_secret_;
};

/// 403 in style A, and 500 in style A with the reason in the log only.
server::Response unauthorized(const server::Request& request);
server::Response internal_failure(const server::Request& request, std::string_view reason);

/// The same 500 in style B.
server::Response internal_failure_bare(const server::Request& request, std::string_view reason);

/// Where no body is expected.
inline constexpr uint64_t kNoBodyBytesMax = 64 * 1024;

}  // namespace tideway::api

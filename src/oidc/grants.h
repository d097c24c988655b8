// Codes, grants and browser logins in the store, each in the partition of its user, so that every
// step is one commit.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "oidc/grant.h"
#include "store/store.h"

namespace tideway::oidc {

struct GrantLimits {
  int64_t code_duration_s = 60;
  int64_t grant_duration_s = int64_t{180} * 24 * 3600;  ///< since it was last used
  int64_t refresh_grace_s = 60;
  int64_t browser_duration_s = int64_t{24} * 3600;
  size_t entries_max = 200;  ///< of each kind and user; beyond it the one that ends first goes
};

/// What a code or refresh token was exchanged for.
struct Exchanged {
  std::string user_id;
  Grant grant;
  std::string refresh_token;
};

enum class ExchangeError {
  kInvalid,   ///< unknown, expired, of another client, or with another redirect or verifier
  kReplayed,  ///< used before: the grant that came of it has been ended
  kStore,
};
struct ExchangeFailure {
  ExchangeError error;
  std::string ended_grant_id = {};  ///< its access tokens must end too
};

/// Who is logged in in a browser, since when.
struct BrowserLogin {
  std::string user_id;
  int64_t auth_time_s = 0;
};

/// Safe to call from any thread.
class Grants {
 public:
  Grants(store::Store& store, GrantLimits limits) : store_(store), limits_(limits) {}

  /// A new code for `wanted`, whose times are set here but for auth_time_s.
  store::Result<std::string> issue_code(std::string_view user_id, Code wanted, int64_t now_s);

  std::expected<Exchanged, ExchangeFailure> exchange_code(std::string_view code,
                                                          std::string_view client_id,
                                                          std::string_view redirect_uri,
                                                          std::string_view verifier, int64_t now_s);
  std::expected<Exchanged, ExchangeFailure> refresh(std::string_view refresh_token,
                                                    std::string_view client_id, int64_t now_s);

  /// Ends the grant of a refresh token; its id, or nothing when the token is of no grant of this
  /// client.
  store::Result<std::optional<std::string>> end(std::string_view refresh_token,
                                                std::string_view client_id);
  store::Result<void> end_by_id(std::string_view user_id, std::string_view grant_id);

  /// The value of a new cookie.
  store::Result<std::string> remember_browser(std::string_view user_id, int64_t now_s);
  std::optional<BrowserLogin> find_browser(std::string_view cookie, int64_t now_s);
  store::Result<void> forget_browser(std::string_view cookie);

 private:
  store::Store& store_;
  const GrantLimits limits_;
};

}  // namespace tideway::oidc

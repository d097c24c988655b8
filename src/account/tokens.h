// Session tokens: signed, so that a check needs no storage access, and revocable
// (docs/spec/http.md 1.4, 1.8; docs/architecture.md, "Tokens").
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::account {

struct Token {
  std::string id;       ///< unique, what a revocation names
  std::string user_id;  ///< or the name of a server
  bool is_server = false;
  std::string client_id;  ///< claim azp, may be empty
  int64_t issued_s = 0;   ///< Unix seconds
  int64_t expires_s = 0;
  int64_t duration_s = 0;
  bool email_verified = true;
};

/// What a new token shall say; it holds from now on for `duration_s`.
struct Grant {
  std::string user_id;  ///< or the name of a server
  bool is_server = false;
  int64_t duration_s = 0;
  std::string client_id = {};  ///< claim azp, may be empty
  bool email_verified = true;
};

struct TokenOptions {
  std::string issuer = "localhost";     ///< claims iss and aud: the host name of the API
  std::function<int64_t()> now_s = {};  ///< Unix seconds; empty: the clock of the machine
};

inline constexpr int64_t kUserTokenDurationSeconds = int64_t{30} * 24 * 3600;

/// Issues, verifies and revokes. Safe to call from any thread.
class Tokens {
 public:
  /// Loads the signing key, made at the first start, and the revocations that still matter.
  static store::Result<std::unique_ptr<Tokens>> open(store::Store& store,
                                                     TokenOptions options = {});
  virtual ~Tokens() = default;

  virtual std::string issue(const Grant& grant) = 0;
  std::string issue(std::string_view user_id, bool is_server, int64_t duration_s);

  /// The token's content if its signature is ours (compared in constant time), it has not expired
  /// and was not revoked. Accepts the wrapped form kc:access:refresh by its middle part.
  virtual std::optional<Token> verify(std::string_view text) const = 0;

  /// Ends the token for good; durable when this returns. A text that does not verify is ignored.
  virtual store::Result<void> revoke(std::string_view text) = 0;
};

}  // namespace tideway::account

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
  int64_t issued_ms = 0;  ///< the same in milliseconds; tells it from the end of a user's sessions
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
  std::string issuer = "localhost";      ///< claims iss and aud: the host name of the API
  std::function<int64_t()> now_s = {};   ///< Unix seconds; empty: the clock of the machine
  std::function<int64_t()> now_ms = {};  ///< the same in milliseconds; empty: from now_s
};

inline constexpr int64_t kUserTokenDurationSeconds = int64_t{30} * 24 * 3600;
inline constexpr int64_t kServerTokenDurationSeconds = int64_t{24} * 3600;

/// No token holds longer, whatever is asked for: from then on nobody has to remember that the
/// sessions of a user were ended.
inline constexpr int64_t kTokenDurationSecondsMax = int64_t{366} * 24 * 3600;

/// Clocks of nodes may differ by so much; a token issued later than that is not yet valid.
inline constexpr int64_t kClockSkewSecondsMax = 60;

/// How often a node has to call refresh(), so that a token that another node ended does not work
/// for more than five seconds.
inline constexpr int64_t kRefreshIntervalMs = 3000;

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

  /// Ends every token that the user has; durable when this returns. Tokens issued from then on
  /// hold.
  virtual store::Result<void> end_sessions(std::string_view user_id) = 0;

  /// Whether what the user was issued at this instant was ended since by end_sessions().
  virtual bool is_ended(std::string_view user_id, int64_t issued_ms) const = 0;

  /// Takes over what other nodes on the same store ended. See kRefreshIntervalMs.
  virtual store::Result<void> refresh() = 0;
};

}  // namespace tideway::account

// What a client was granted, and the codes and refresh tokens that stand for it. Values only;
// grants.h keeps them. The grammar of their bytes stands at the head of grant.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tideway::oidc {

using Secret = std::array<uint8_t, 32>;

/// What an authorisation request asked for, kept until its code is exchanged.
struct Code {
  std::string client_id = {};
  std::string redirect_uri = {};
  std::string challenge = {};  ///< SHA-256 of the verifier in base64url
  std::string nonce = {};
  std::string scope = {};
  std::string grant_id = {};  ///< of the grant that the exchange makes
  int64_t auth_time_s = 0;
  int64_t expires_s = 0;
  bool used = false;
};

/// One login of one client: lives until the client is not heard of for long, or it is ended.
///
/// Its refresh tokens are numbered. The last one that was used stays good until one of those that
/// came of it is used, because the answer that brought them may never have arrived; after that it
/// stays good for a short time, because a client may have sent it twice at once. One from before
/// that means that two parties hold tokens of the grant, and ends it.
struct Grant {
  std::string id = {};  ///< claim sid
  std::string client_id = {};
  std::string scope = {};
  std::string nonce = {};
  int64_t auth_time_s = 0;
  int64_t expires_s = 0;
  Secret secret{};             ///< makes its refresh tokens
  uint64_t used = 0;           ///< the last one used; 0 before the first
  uint64_t children_from = 1;  ///< those that came of it are numbered from here …
  uint64_t latest = 1;         ///< … to here
  uint64_t grace_from = 1;     ///< from here to `used` they are good until …
  int64_t grace_until_s = 0;   ///< … this moment

  enum class Verdict { kGood, kReplayed };
  /// Accounts for a use of refresh token `number`, which must have been issued.
  Verdict use(uint64_t number, int64_t now_s, int64_t grace_s);
};

std::string encode_code(const Code& code);
std::optional<Code> decode_code(std::string_view bytes);
std::string encode_grant(const Grant& grant);
std::optional<Grant> decode_grant(std::string_view id, std::string_view bytes);

/// "r1.<user>.<grant>.<number>.<authenticator>"
struct RefreshToken {
  std::string user_id;
  std::string grant_id;
  uint64_t number = 0;
  std::string authenticator;
};
std::string refresh_token_text(std::string_view user_id, const Grant& grant, uint64_t number);
std::optional<RefreshToken> parse_refresh_token(std::string_view text);
/// Whether it was made with the grant's secret; compared in constant time.
bool is_authentic(const RefreshToken& token, const Grant& grant);

}  // namespace tideway::oidc

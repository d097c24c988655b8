// The signing key lies in the directory under "k" followed by "token": a version byte, now 1, and
// the 32 bytes of the key. It is made when it is missing and never changed; erasing it ends every
// token that was ever issued.
#include "account/tokens.h"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

#include "account/claims.h"
#include "account/jwt.h"
#include "account/revocations.h"
#include "account/token_cache.h"
#include "base/ids.h"
#include "base/time.h"

namespace tideway::account {
namespace {

constexpr std::string_view kSigningKeyName = "ktoken";
constexpr char kSigningKeyVersion = 1;
constexpr size_t kCachedTokensMax = 20'000;

std::string new_key_value() {
  std::string value(1 + std::tuple_size_v<SigningKey>, kSigningKeyVersion);
  randombytes_buf(value.data() + 1, value.size() - 1);
  return value;
}

store::Result<SigningKey> decode_key(std::string_view value) {
  if (!value.empty() && value[0] != kSigningKeyVersion) {
    return std::unexpected(
        store::Error{store::Error::Kind::kVersion, "the token signing key has an unknown version"});
  }
  SigningKey key;
  if (value.size() != 1 + key.size()) {
    return std::unexpected(
        store::Error{store::Error::Kind::kCorruption, "the token signing key is damaged"});
  }
  std::ranges::copy(value.substr(1), key.begin());
  return key;
}

/// The stored key, or a new one, stored now.
store::Result<SigningKey> load_key(store::Store& store) {
  std::string value;
  const auto done =
      store.update(store::kDirectoryPartition,
                   [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
                     auto stored = transaction.get(kSigningKeyName);
                     if (!stored) return std::unexpected(stored.error());
                     if (*stored) {
                       value = **std::move(stored);
                       return store::Outcome::kAbandon;
                     }
                     value = new_key_value();
                     transaction.put(kSigningKeyName, value);
                     return store::Outcome::kCommit;
                   });
  if (!done) return std::unexpected(done.error());
  auto key = decode_key(value);
  sodium_memzero(value.data(), value.size());
  return key;
}

int64_t machine_now_s() { return now_milliseconds() / 1000; }

class SignedTokens final : public Tokens {
 public:
  SignedTokens(store::Store& store, const SigningKey& key, TokenOptions options)
      : key_(key), options_(std::move(options)), revocations_(store) {}
  ~SignedTokens() override { sodium_memzero(key_.data(), key_.size()); }

  store::Result<void> load() { return revocations_.load(options_.now_s()); }

  using Tokens::issue;
  std::string issue(const Grant& grant) override;
  std::optional<Token> verify(std::string_view text) const override;
  store::Result<void> revoke(std::string_view text) override;
  store::Result<void> end_sessions(std::string_view user_id) override;
  bool is_ended(std::string_view user_id, int64_t issued_ms) const override;
  store::Result<void> refresh() override { return revocations_.refresh(options_.now_s()); }

 private:
  std::optional<Token> signed_token(std::string_view text) const;

  /// The present, but never before the end of the user's sessions: clocks may be set back.
  int64_t issue_time_ms(const Grant& grant) const;

  SigningKey key_;
  const TokenOptions options_;
  Revocations revocations_;
  mutable TokenCache cache_{kCachedTokensMax};
};

int64_t SignedTokens::issue_time_ms(const Grant& grant) const {
  const int64_t now_ms = options_.now_ms();
  return grant.is_server ? now_ms : std::max(now_ms, revocations_.cutoff_ms(grant.user_id));
}

std::string SignedTokens::issue(const Grant& grant) {
  const int64_t now_s = options_.now_s();
  const int64_t duration_s = std::min(grant.duration_s, kTokenDurationSecondsMax);
  const Token token{.id = random_id(),
                    .user_id = grant.user_id,
                    .is_server = grant.is_server,
                    .client_id = grant.client_id,
                    .issued_s = now_s,
                    .issued_ms = issue_time_ms(grant),
                    .expires_s = now_s + duration_s,
                    .duration_s = duration_s,
                    .email_verified = grant.email_verified};
  return sign_jwt(claims_json(token, options_.issuer), key_);
}

/// What the token says if its signature is ours.
std::optional<Token> SignedTokens::signed_token(std::string_view text) const {
  if (auto known = cache_.find(text)) return std::move(known->token);
  const std::optional<std::string> claims = open_jwt(text, key_);
  if (!claims) return std::nullopt;
  std::optional<Token> token = read_claims(*claims);
  if (token) cache_.add(text, {.token = *token});
  return token;
}

std::optional<Token> SignedTokens::verify(std::string_view text) const {
  if (text.size() > kTokenSizeBytesMax) return std::nullopt;
  std::optional<Token> token = signed_token(unwrap_token(text));
  const int64_t now_s = options_.now_s();
  if (!token || token->expires_s <= now_s || token->issued_s > now_s + kClockSkewSecondsMax) {
    return std::nullopt;
  }
  // The sessions of a user do not concern a server of the same name.
  const bool dead = token->is_server
                        ? revocations_.contains(token->id)
                        : revocations_.is_dead(token->id, token->user_id, token->issued_ms);
  if (dead) return std::nullopt;
  return token;
}

bool SignedTokens::is_ended(std::string_view user_id, int64_t issued_ms) const {
  return issued_ms < revocations_.cutoff_ms(user_id);
}

store::Result<void> SignedTokens::end_sessions(std::string_view user_id) {
  const int64_t now_s = options_.now_s();
  // One more than the present, so that what was issued in this very millisecond ends too.
  return revocations_.add_cutoff(user_id, options_.now_ms() + 1, now_s + kTokenDurationSecondsMax,
                                 now_s);
}

store::Result<void> SignedTokens::revoke(std::string_view text) {
  const std::optional<Token> token = verify(text);
  if (!token) return {};
  return revocations_.add(token->id, token->expires_s, options_.now_s());
}

}  // namespace

store::Result<std::unique_ptr<Tokens>> Tokens::open(store::Store& store, TokenOptions options) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  if (!options.now_ms) {
    options.now_ms = now_milliseconds;
    if (options.now_s) options.now_ms = [now_s = options.now_s] { return now_s() * 1000; };
  }
  if (!options.now_s) options.now_s = machine_now_s;
  auto key = load_key(store);
  if (!key) return std::unexpected(key.error());
  auto tokens = std::make_unique<SignedTokens>(store, *key, std::move(options));
  sodium_memzero(key->data(), key->size());
  if (const auto loaded = tokens->load(); !loaded) return std::unexpected(loaded.error());
  return tokens;
}

std::string Tokens::issue(std::string_view user_id, bool is_server, int64_t duration_s) {
  return issue(
      Grant{.user_id = std::string(user_id), .is_server = is_server, .duration_s = duration_s});
}

}  // namespace tideway::account

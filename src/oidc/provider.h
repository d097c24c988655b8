// The built-in OpenID provider, below HTTP: logins become codes, codes become tokens, tokens are
// checked and ended (docs/spec/clients.md 4, docs/spec/http.md 1.9).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "account/accounts.h"
#include "account/revocations.h"
#include "account/token_cache.h"
#include "account/tokens.h"
#include "oidc/clients.h"
#include "oidc/grants.h"
#include "oidc/signing_keys.h"

namespace tideway::oidc {

inline constexpr int64_t kAccessTokenDurationSeconds = 720;
inline constexpr size_t kCachedTokensMax = 20'000;

struct ProviderOptions {
  std::string public_url;  ///< "https://dia.example.net", without a slash at the end
  std::string realm = "tidepool";
  std::vector<std::string> redirects = {};  ///< "client_id=redirect_uri"
  GrantLimits limits = {};
  std::function<int64_t()> now_s = {};   ///< empty: the clock of the machine
  std::function<int64_t()> now_ms = {};  ///< follows from now_s
  /// Whether what a user was given at this instant was ended since, as by a new password; empty:
  /// never.
  std::function<bool(std::string_view user_id, int64_t issued_ms)> is_ended = {};
};

/// Safe to call from any thread.
class Provider {
 public:
  /// What it is given must outlive it.
  static store::Result<std::unique_ptr<Provider>> open(store::Store& store,
                                                       account::Accounts& accounts,
                                                       ProviderOptions options);

  const std::string& public_url() const { return options_.public_url; }
  const std::string& realm() const { return options_.realm; }
  const std::string& issuer() const { return issuer_; }
  std::string realm_path() const { return "/realms/" + options_.realm; }
  const Clients& clients() const { return clients_; }
  SigningKeys& keys() { return *keys_; }
  Grants& grants() { return grants_; }
  account::Accounts& accounts() { return accounts_; }
  int64_t now_s() const { return options_.now_s(); }

  /// The JSON of a token answer.
  std::expected<std::string, ExchangeError> exchange_code(std::string_view code,
                                                          std::string_view client_id,
                                                          std::string_view redirect_uri,
                                                          std::string_view verifier);
  std::expected<std::string, ExchangeError> refresh(std::string_view refresh_token,
                                                    std::string_view client_id);

  /// Of an access token of ours that has not expired and was not ended, here or with its grant.
  std::optional<account::Token> verify(std::string_view text) const;

  /// Ends an access token, or a grant by its refresh token, if it is of this client. Durable when
  /// this returns.
  store::Result<void> revoke(std::string_view text, std::string_view client_id);
  /// Takes over what other nodes on the same store ended.
  store::Result<void> refresh_revocations() { return revocations_.refresh(now_s()); }
  bool is_ended(std::string_view user_id, int64_t auth_time_s) const {
    return options_.is_ended && options_.is_ended(user_id, auth_time_s * 1000);
  }

  /// Ends an access token.
  store::Result<void> revoke(std::string_view text);
  /// Ends the grant that an id token came from, even when that has expired. Its client, or nothing.
  store::Result<std::optional<std::string>> log_out(std::string_view id_token);

 private:
  Provider(store::Store& store, account::Accounts& accounts, ProviderOptions options);
  std::expected<std::string, ExchangeError> answer(
      std::expected<Exchanged, ExchangeFailure> exchanged, bool first);
  std::string access_token(const Exchanged& exchanged, const account::User& user) const;
  std::string id_token(const Exchanged& exchanged, const account::User& user, bool first) const;
  store::Result<void> end_access_tokens(std::string_view grant_id);
  std::optional<account::TokenCache::Entry> signed_entry(std::string_view text) const;

  account::Accounts& accounts_;
  const ProviderOptions options_;
  const std::string issuer_;
  Clients clients_;
  Grants grants_;
  account::Revocations revocations_;
  std::unique_ptr<SigningKeys> keys_;
  mutable account::TokenCache cache_{kCachedTokensMax};
};

}  // namespace tideway::oidc

// Another server that logs users in: Keycloak, Authentik, or a second Tideway. Its tokens are
// checked with the keys that it publishes, and belong to accounts here.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "account/revocations.h"
#include "account/token_cache.h"
#include "account/tokens.h"
#include "oidc/issuer_users.h"
#include "oidc/jws.h"

namespace tideway::oidc {

using Fetch = std::function<std::expected<std::string, std::string>(const std::string& url)>;

struct ExternalIssuerOptions {
  std::string issuer;    ///< its address, as in the claim iss
  std::string audience;  ///< that a token must name in aud; empty: any
  int64_t refresh_interval_ms = int64_t{3600} * 1000;
  int64_t retry_interval_ms = 30'000;  ///< after a failure
  /// After a token came with a key that is not known: tokens with made-up keys must not make us
  /// ask all the time.
  int64_t unknown_key_interval_ms = 10'000;
  Fetch fetch = {};                     ///< empty: http_get
  std::function<int64_t()> now_s = {};  ///< empty: the clock of the machine
};

/// A thread of its own fetches the keys: at once, every hour, and when a token names one that is
/// not known. Requests never wait for it. Safe to call from any thread.
class ExternalIssuer {
 public:
  /// What it is given must outlive it.
  static store::Result<std::unique_ptr<ExternalIssuer>> open(store::Store& store,
                                                             account::Accounts& accounts,
                                                             const IssuerUserOptions& users,
                                                             ExternalIssuerOptions options);
  ~ExternalIssuer();

  std::optional<account::Token> verify(std::string_view text);

  /// Ends a token for this server; the issuer does not hear of it.
  store::Result<void> revoke(std::string_view text);

  /// Takes over what other nodes on the same store ended.
  store::Result<void> refresh_revocations() { return revocations_.refresh(options_.now_s()); }

  size_t key_count() const;

 private:
  ExternalIssuer(store::Store& store, account::Accounts& accounts, const IssuerUserOptions& users,
                 ExternalIssuerOptions options);
  void run();
  std::expected<std::vector<Key>, std::string> fetch_keys() const;
  std::optional<Key> find_key(std::string_view id);
  std::optional<account::TokenCache::Entry> signed_entry(std::string_view text);
  std::optional<account::TokenCache::Entry> read_claims(const std::string& claims);

  const ExternalIssuerOptions options_;
  IssuerUsers users_;
  account::Revocations revocations_;
  account::TokenCache cache_;
  mutable std::shared_mutex keys_mutex_;
  std::vector<Key> keys_;  ///< guarded by keys_mutex_
  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  ///< guarded by wake_mutex_, as the next
  bool key_missing_ = false;
  std::thread thread_;
};

}  // namespace tideway::oidc

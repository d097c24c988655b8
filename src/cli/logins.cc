#include "cli/logins.h"

#include <spdlog/spdlog.h>

#include "api/utility.h"
#include "oidc/access_tokens.h"

namespace tideway::cli {

store::Result<std::unique_ptr<Logins>> Logins::open(const Config& config, store::Store& store,
                                                    account::Accounts& accounts,
                                                    account::Tokens& tokens) {
  auto logins = std::make_unique<Logins>();
  std::vector<oidc::TokenKind> kinds;
  if (!config.public_url.empty()) {
    constexpr int64_t kDaySeconds = int64_t{24} * 3600;
    oidc::ProviderOptions options{.public_url = config.public_url,
                                  .realm = config.oidc_realm,
                                  .redirects = config.oidc_redirects};
    options.is_ended = [&tokens](std::string_view user_id, int64_t issued_ms) {
      return tokens.is_ended(user_id, issued_ms);
    };
    options.limits.grant_duration_s = config.login_days * kDaySeconds;
    auto opened = oidc::Provider::open(store, accounts, std::move(options));
    if (!opened) return std::unexpected(opened.error());
    logins->provider_ = *std::move(opened);
    oidc::Provider* provider = logins->provider_.get();
    kinds.push_back({.verify = [provider](std::string_view text) { return provider->verify(text); },
                     .revoke = [provider](std::string_view text) { return provider->revoke(text); },
                     .refresh = [provider] { return provider->refresh_revocations(); }});
  }
  if (!config.issuer_url.empty()) {
    auto opened = oidc::ExternalIssuer::open(
        store, accounts, {.issuer = config.issuer_url, .create = config.issuer_creates_users},
        {.issuer = config.issuer_url, .audience = config.issuer_audience});
    if (!opened) return std::unexpected(opened.error());
    logins->issuer_ = *std::move(opened);
    logins->issuer_url_ = config.issuer_url;
    oidc::ExternalIssuer* issuer = logins->issuer_.get();
    kinds.push_back({.verify = [issuer](std::string_view text) { return issuer->verify(text); },
                     .revoke = [issuer](std::string_view text) { return issuer->revoke(text); },
                     .refresh = [issuer] { return issuer->refresh_revocations(); }});
  }
  logins->all_tokens_ = oidc::with_other_kinds(tokens, std::move(kinds));
  return logins;
}

std::string Logins::info() const {
  if (provider_) return api::info_json(provider_->public_url(), provider_->realm());
  // Clients can only find an issuer whose address is made like Keycloak's.
  constexpr std::string_view kRealms = "/realms/";
  const size_t at = issuer_url_.rfind(kRealms);
  if (at == std::string::npos) return api::info_json();
  return api::info_json(issuer_url_.substr(0, at), issuer_url_.substr(at + kRealms.size()));
}

void Logins::keep_house() {
  if (!provider_) return;
  const auto rotated = provider_->keys().rotate(provider_->now_s());
  if (!rotated) spdlog::error("rotating the keys of OIDC: {}", rotated.error().message);
}

}  // namespace tideway::cli

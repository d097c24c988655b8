#include "oidc/provider.h"

#include <simdjson.h>

#include "account/claims.h"
#include "base/ids.h"
#include "base/number.h"
#include "base/text.h"
#include "base/time.h"

namespace tideway::oidc {
namespace {

/// Claim typ: keeps an id token from passing for an access token, and the reverse.
constexpr std::string_view kAccessType = "Bearer";
constexpr std::string_view kIdType = "ID";

void append(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

void append(std::string& out, std::string_view name, int64_t value) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_integer(out, value);
}

std::string text_claim(simdjson::dom::object claims, std::string_view name) {
  std::string_view text;
  return claims[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

}  // namespace

Provider::Provider(store::Store& store, account::Accounts& accounts, ProviderOptions options)
    : accounts_(accounts),
      options_(std::move(options)),
      issuer_(options_.public_url + "/realms/" + options_.realm),
      clients_(options_.public_url),
      grants_(store, options_.limits),
      revocations_(store) {
  for (const std::string& redirect : options_.redirects) clients_.add(redirect);
}

store::Result<std::unique_ptr<Provider>> Provider::open(store::Store& store,
                                                        account::Accounts& accounts,
                                                        ProviderOptions options) {
  if (options.now_s) {
    options.now_ms = [now_s = options.now_s] { return now_s() * 1000; };
  } else {
    options.now_ms = now_milliseconds;
    options.now_s = [] { return now_milliseconds() / 1000; };
  }
  const int64_t now_s = options.now_s();
  std::unique_ptr<Provider> provider(new Provider(store, accounts, std::move(options)));
  auto keys = SigningKeys::open(store, now_s);
  if (!keys) return std::unexpected(keys.error());
  provider->keys_ = *std::move(keys);
  const auto loaded = provider->revocations_.load(now_s);
  if (!loaded) return std::unexpected(loaded.error());
  return provider;
}

std::expected<std::string, ExchangeError> Provider::exchange_code(std::string_view code,
                                                                  std::string_view client_id,
                                                                  std::string_view redirect_uri,
                                                                  std::string_view verifier) {
  return answer(grants_.exchange_code(code, client_id, redirect_uri, verifier, now_s()), true);
}

std::expected<std::string, ExchangeError> Provider::refresh(std::string_view refresh_token,
                                                            std::string_view client_id) {
  return answer(grants_.refresh(refresh_token, client_id, now_s()), false);
}

std::expected<std::string, ExchangeError> Provider::answer(
    std::expected<Exchanged, ExchangeFailure> exchanged, bool first) {
  if (!exchanged) {
    const ExchangeFailure& failure = exchanged.error();
    if (!failure.ended_grant_id.empty() && !end_access_tokens(failure.ended_grant_id)) {
      return std::unexpected(ExchangeError::kStore);
    }
    return std::unexpected(failure.error);
  }
  const auto user = accounts_.find(exchanged->user_id);
  if (!user) return std::unexpected(ExchangeError::kStore);
  if (!*user || is_ended(exchanged->user_id, exchanged->grant.auth_time_s)) {
    const auto ended = grants_.end_by_id(exchanged->user_id, exchanged->grant.id);
    return std::unexpected(ended ? ExchangeError::kInvalid : ExchangeError::kStore);
  }
  const std::string access = access_token(*exchanged, **user);
  const std::string id = id_token(*exchanged, **user, first);
  if (access.empty() || id.empty()) return std::unexpected(ExchangeError::kStore);
  std::string out = "{";
  append(out, "access_token", access);
  append(out, "expires_in", kAccessTokenDurationSeconds);
  append(out, "id_token", id);
  append(out, "not-before-policy", int64_t{0});
  append(out, "refresh_expires_in", options_.limits.grant_duration_s);
  append(out, "refresh_token", exchanged->refresh_token);
  append(out, "scope", exchanged->grant.scope);
  append(out, "session_state", exchanged->grant.id);
  append(out, "token_type", "Bearer");
  return out + '}';
}

/// The claims of a session token, and those that only OIDC knows.
std::string Provider::access_token(const Exchanged& exchanged, const account::User& user) const {
  const int64_t now_s = options_.now_s();
  const account::Token token{.id = random_id(),
                             .user_id = user.id,
                             .client_id = exchanged.grant.client_id,
                             .issued_s = now_s,
                             .issued_ms = options_.now_ms(),
                             .expires_s = now_s + kAccessTokenDurationSeconds,
                             .duration_s = kAccessTokenDurationSeconds,
                             .email_verified = user.email_verified};
  std::string claims = account::claims_json(token, issuer_);
  claims.pop_back();
  append(claims, "auth_time", exchanged.grant.auth_time_s);
  append(claims, "email", user.email);
  append(claims, "name", user.full_name);
  append(claims, "scope", exchanged.grant.scope);
  append(claims, "session_state", exchanged.grant.id);
  append(claims, "sid", exchanged.grant.id);
  append(claims, "typ", kAccessType);
  return keys_->sign(claims + '}');
}

std::string Provider::id_token(const Exchanged& exchanged, const account::User& user,
                               bool first) const {
  const int64_t now_s = options_.now_s();
  const Grant& grant = exchanged.grant;
  std::string claims = "{";
  append(claims, "aud", grant.client_id);
  append(claims, "auth_time", grant.auth_time_s);
  append(claims, "azp", grant.client_id);
  append(claims, "email", user.email);
  claims += user.email_verified ? ",\"email_verified\":true" : ",\"email_verified\":false";
  append(claims, "exp", now_s + kAccessTokenDurationSeconds);
  append(claims, "iat", now_s);
  append(claims, "iss", issuer_);
  append(claims, "jti", random_id());
  append(claims, "name", user.full_name);
  if (first && !grant.nonce.empty()) append(claims, "nonce", grant.nonce);
  append(claims, "preferred_username", user.email);
  append(claims, "session_state", grant.id);
  append(claims, "sid", grant.id);
  append(claims, "sub", user.id);
  append(claims, "typ", kIdType);
  return keys_->sign(claims + '}');
}

std::optional<account::TokenCache::Entry> Provider::signed_entry(std::string_view text) const {
  if (auto cached = cache_.find(text)) return cached;
  const auto claims = keys_->verify(text);
  if (!claims) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  auto token = account::read_claims(*claims);
  if (!token || parser.parse(*claims).get(object) != simdjson::SUCCESS) return std::nullopt;
  if (text_claim(object, "iss") != issuer_ || text_claim(object, "typ") != kAccessType) {
    return std::nullopt;
  }
  account::TokenCache::Entry entry{.token = *std::move(token),
                                   .grant_id = text_claim(object, "sid")};
  cache_.add(text, entry);
  return entry;
}

std::optional<account::Token> Provider::verify(std::string_view text) const {
  auto entry = signed_entry(text);
  if (!entry) return std::nullopt;
  const int64_t now_s = options_.now_s();
  if (entry->token.expires_s <= now_s || revocations_.contains(entry->token.id) ||
      revocations_.contains(entry->grant_id)) {
    return std::nullopt;
  }
  return std::move(entry->token);
}

store::Result<void> Provider::end_access_tokens(std::string_view grant_id) {
  const int64_t now_s = options_.now_s();
  return revocations_.add(grant_id, now_s + kAccessTokenDurationSeconds, now_s);
}

store::Result<void> Provider::revoke(std::string_view text, std::string_view client_id) {
  if (const auto token = verify(text)) {
    return token->client_id == client_id ? revoke(text) : store::Result<void>();
  }
  const auto ended = grants_.end(text, client_id);
  if (!ended) return std::unexpected(ended.error());
  return *ended ? end_access_tokens(**ended) : store::Result<void>();
}

store::Result<void> Provider::revoke(std::string_view text) {
  const auto token = verify(text);
  if (!token) return {};
  return revocations_.add(token->id, token->expires_s, options_.now_s());
}

store::Result<std::optional<std::string>> Provider::log_out(std::string_view id_token) {
  const auto claims = keys_->verify(id_token);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!claims || parser.parse(*claims).get(object) != simdjson::SUCCESS ||
      text_claim(object, "iss") != issuer_ || text_claim(object, "typ") != kIdType) {
    return std::nullopt;
  }
  const std::string grant_id = text_claim(object, "sid");
  const auto ended = grants_.end_by_id(text_claim(object, "sub"), grant_id);
  if (!ended) return std::unexpected(ended.error());
  const auto access = end_access_tokens(grant_id);
  if (!access) return std::unexpected(access.error());
  return text_claim(object, "azp");
}

}  // namespace tideway::oidc

#include "oidc/external_issuer.h"

#include <simdjson.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "base/base64url.h"
#include "base/time.h"
#include "oidc/http_get.h"
#include "oidc/jwk.h"
#include "oidc/secret_text.h"

namespace tideway::oidc {
namespace {

constexpr size_t kCachedTokensMax = 20'000;
/// Clocks of two servers may differ by so much.
constexpr int64_t kClockSkewSeconds = 60;

std::string text_claim(simdjson::dom::object claims, std::string_view name) {
  std::string_view text;
  return claims[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool names_audience(simdjson::dom::object claims, std::string_view wanted) {
  if (wanted.empty() || text_claim(claims, "aud") == wanted) return true;
  simdjson::dom::array list;
  if (claims["aud"].get(list) != simdjson::SUCCESS) return false;
  return std::ranges::any_of(list, [&](simdjson::dom::element item) {
    std::string_view text;
    return item.get(text) == simdjson::SUCCESS && text == wanted;
  });
}

}  // namespace

ExternalIssuer::ExternalIssuer(store::Store& store, account::Accounts& accounts,
                               const IssuerUserOptions& users, ExternalIssuerOptions options)
    : options_(std::move(options)),
      users_(store, accounts, users),
      revocations_(store),
      cache_(kCachedTokensMax) {}

ExternalIssuer::~ExternalIssuer() {
  {
    const std::lock_guard lock(wake_mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

store::Result<std::unique_ptr<ExternalIssuer>> ExternalIssuer::open(store::Store& store,
                                                                    account::Accounts& accounts,
                                                                    const IssuerUserOptions& users,
                                                                    ExternalIssuerOptions options) {
  if (!options.now_s) options.now_s = [] { return now_milliseconds() / 1000; };
  if (!options.fetch) options.fetch = [](const std::string& url) { return http_get(url); };
  const int64_t now_s = options.now_s();
  std::unique_ptr<ExternalIssuer> issuer(
      new ExternalIssuer(store, accounts, users, std::move(options)));
  const auto loaded = issuer->revocations_.load(now_s);
  if (!loaded) return std::unexpected(loaded.error());
  issuer->thread_ = std::thread([raw = issuer.get()] { raw->run(); });
  return issuer;
}

std::expected<std::vector<Key>, std::string> ExternalIssuer::fetch_keys() const {
  const auto configuration = options_.fetch(options_.issuer + "/.well-known/openid-configuration");
  if (!configuration) return std::unexpected("discovery: " + configuration.error());
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(*configuration).get(object) != simdjson::SUCCESS) {
    return std::unexpected("discovery: not a JSON object");
  }
  // OpenID Connect Discovery 4.3: else one issuer could stand in for another.
  if (text_claim(object, "issuer") != options_.issuer) {
    return std::unexpected("discovery: it is the document of another issuer");
  }
  const auto set = options_.fetch(text_claim(object, "jwks_uri"));
  if (!set) return std::unexpected("keys: " + set.error());
  auto keys = read_jwks(*set);
  if (!keys || keys->empty()) return std::unexpected("keys: none that can be used");
  return *std::move(keys);
}

void ExternalIssuer::run() {
  using std::chrono::milliseconds;
  for (;;) {
    auto keys = fetch_keys();
    const bool fetched = keys.has_value();
    if (fetched) {
      const std::unique_lock lock(keys_mutex_);
      keys_ = *std::move(keys);
    } else {
      spdlog::error("OpenID issuer {}: {}", options_.issuer, keys.error());
    }
    std::unique_lock lock(wake_mutex_);
    key_missing_ = false;
    const auto stops = [this] { return stopping_; };
    const int64_t pause_ms =
        fetched ? options_.unknown_key_interval_ms : options_.retry_interval_ms;
    if (wake_.wait_for(lock, milliseconds(pause_ms), stops)) return;
    if (!fetched) continue;
    const int64_t rest_ms = std::max<int64_t>(0, options_.refresh_interval_ms - pause_ms);
    wake_.wait_for(lock, milliseconds(rest_ms), [this] { return stopping_ || key_missing_; });
    if (stopping_) return;
  }
}

std::optional<Key> ExternalIssuer::find_key(std::string_view id) {
  {
    const std::shared_lock lock(keys_mutex_);
    for (const Key& key : keys_) {
      if (key.id == id) return key;
    }
  }
  {
    const std::lock_guard lock(wake_mutex_);
    key_missing_ = true;
  }
  wake_.notify_all();
  return std::nullopt;
}

std::optional<account::TokenCache::Entry> ExternalIssuer::read_claims(const std::string& claims) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(claims).get(object) != simdjson::SUCCESS) return std::nullopt;
  account::TokenCache::Entry entry;
  int64_t not_before_s = 0;
  if (text_claim(object, "iss") != options_.issuer ||
      object["exp"].get(entry.token.expires_s) != simdjson::SUCCESS ||
      object["iat"].get(entry.token.issued_s) != simdjson::SUCCESS ||
      !names_audience(object, options_.audience)) {
    return std::nullopt;
  }
  // Id tokens are for clients, logout tokens for nobody.
  const std::string type = text_claim(object, "typ");
  if (!type.empty() && type != "Bearer" && type != "JWT") return std::nullopt;
  const int64_t latest_s = options_.now_s() + kClockSkewSeconds;
  const bool has_start = object["nbf"].get(not_before_s) == simdjson::SUCCESS;
  if (entry.token.issued_s > latest_s || (has_start && not_before_s > latest_s)) {
    return std::nullopt;
  }
  IssuerUser user{.subject = text_claim(object, "sub"),
                  .email = text_claim(object, "email"),
                  .name = text_claim(object, "name")};
  std::ignore = object["email_verified"].get(user.email_verified);
  auto id = users_.find(user);
  if (!id) return std::nullopt;
  entry.token.id = text_claim(object, "jti");
  entry.token.user_id = *std::move(id);
  entry.token.client_id = text_claim(object, "azp");
  entry.token.issued_ms = entry.token.issued_s * 1000;
  entry.token.duration_s = entry.token.expires_s - entry.token.issued_s;
  entry.token.email_verified = user.email_verified;
  return entry;
}

std::optional<account::TokenCache::Entry> ExternalIssuer::signed_entry(std::string_view text) {
  if (auto cached = cache_.find(text)) return cached;
  const auto claims = open_jws(text, [this](std::string_view id) { return find_key(id); });
  if (!claims) return std::nullopt;
  auto entry = read_claims(*claims);
  if (!entry) return std::nullopt;
  // Not every issuer gives its tokens an id; revoking needs one.
  if (entry->token.id.empty()) entry->token.id = to_base64url(sha256(text));
  cache_.add(text, *entry);
  return entry;
}

std::optional<account::Token> ExternalIssuer::verify(std::string_view text) {
  auto entry = signed_entry(text);
  if (!entry || entry->token.expires_s <= options_.now_s() ||
      revocations_.contains(entry->token.id)) {
    return std::nullopt;
  }
  return std::move(entry->token);
}

store::Result<void> ExternalIssuer::revoke(std::string_view text) {
  const auto token = verify(text);
  if (!token) return {};
  return revocations_.add(token->id, token->expires_s, options_.now_s());
}

size_t ExternalIssuer::key_count() const {
  const std::shared_lock lock(keys_mutex_);
  return keys_.size();
}

}  // namespace tideway::oidc

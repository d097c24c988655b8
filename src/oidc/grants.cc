// A browser login lies in the user's partition under "L" and the SHA-256 of its cookie:
//
//   login := version:byte = 1 auth_time_s:signed-varint expires_s:signed-varint
#include "oidc/grants.h"

#include <sodium.h>

#include <algorithm>
#include <vector>

#include "base/base64url.h"
#include "base/coding.h"
#include "base/ids.h"
#include "oidc/secret_text.h"

namespace tideway::oidc {
namespace {

using store::Outcome;
using store::Result;
using store::Transaction;

constexpr char kVersion = 1;
constexpr std::string_view kCodePrefix = "c";
constexpr std::string_view kGrantPrefix = "G";
constexpr std::string_view kLoginPrefix = "L";
constexpr std::string_view kCodeKind = "c1";
constexpr std::string_view kLoginKind = "b1";

/// A used code is remembered for so long, so that using it again is noticed.
constexpr int64_t kUsedCodeSeconds = 3600;

std::string key_of(std::string_view prefix, std::string_view name) {
  std::string key(prefix);
  key += name;
  return key;
}

std::string encode_login(int64_t auth_time_s, int64_t expires_s) {
  std::string out(1, kVersion);
  put_signed_varint(out, auth_time_s);
  put_signed_varint(out, expires_s);
  return out;
}

/// Time of login and of expiry.
std::optional<std::pair<int64_t, int64_t>> decode_login(std::string_view bytes) {
  Decoder in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  const int64_t auth_time_s = in.signed_varint();
  const int64_t expires_s = in.signed_varint();
  if (!in.at_end()) return std::nullopt;
  return std::pair(auth_time_s, expires_s);
}

/// When an entry of one of the three kinds ends; 0 for one that cannot be read.
int64_t expiry_of(std::string_view prefix, std::string_view value) {
  if (prefix == kCodePrefix) {
    const auto code = decode_code(value);
    return code ? code->expires_s + (code->used ? kUsedCodeSeconds : 0) : 0;
  }
  if (prefix == kGrantPrefix) {
    const auto grant = decode_grant({}, value);
    return grant ? grant->expires_s : 0;
  }
  const auto login = decode_login(value);
  return login ? login->second : 0;
}

/// Erases what has ended, and makes room for one more.
Result<void> tidy(Transaction& user, std::string_view prefix, size_t entries_max, int64_t now_s) {
  std::vector<std::pair<int64_t, std::string>> alive;
  std::vector<std::string> dead;
  const auto scanned =
      store::scan_prefix(user, prefix, [&](std::string_view key, std::string_view value) {
        const int64_t expires_s = expiry_of(prefix, value);
        if (expires_s <= now_s) {
          dead.emplace_back(key);
        } else {
          alive.emplace_back(expires_s, key);
        }
        return true;
      });
  if (!scanned) return scanned;
  std::ranges::sort(alive);
  for (size_t i = 0; i + entries_max <= alive.size(); ++i) dead.push_back(alive[i].second);
  for (const std::string& key : dead) user.erase(key);
  return {};
}

/// The text of RFC 7636 section 4.6.
bool matches(std::string_view verifier, std::string_view challenge) {
  const std::string computed = to_base64url(sha256(verifier));
  return computed.size() == challenge.size() &&
         sodium_memcmp(computed.data(), challenge.data(), computed.size()) == 0;
}

Grant new_grant(const Code& code, int64_t expires_s) {
  Grant grant{.id = code.grant_id,
              .client_id = code.client_id,
              .scope = code.scope,
              .nonce = code.nonce,
              .auth_time_s = code.auth_time_s,
              .expires_s = expires_s};
  randombytes_buf(grant.secret.data(), grant.secret.size());
  return grant;
}

std::unexpected<ExchangeFailure> failure(ExchangeError error, std::string ended = {}) {
  return std::unexpected(ExchangeFailure{.error = error, .ended_grant_id = std::move(ended)});
}

}  // namespace

Result<std::string> Grants::issue_code(std::string_view user_id, Code wanted, int64_t now_s) {
  wanted.expires_s = now_s + limits_.code_duration_s;
  wanted.used = false;
  std::string text = make_secret_text(kCodeKind, user_id);
  const std::string key = key_of(kCodePrefix, sha256(text));
  const auto done = store_.update(user_id, [&](Transaction& user) -> Result<Outcome> {
    const auto tidied = tidy(user, kCodePrefix, limits_.entries_max, now_s);
    if (!tidied) return std::unexpected(tidied.error());
    user.put(key, encode_code(wanted));
    return Outcome::kCommit;
  });
  if (!done) return std::unexpected(done.error());
  return text;
}

std::expected<Exchanged, ExchangeFailure> Grants::exchange_code(std::string_view code_text,
                                                                std::string_view client_id,
                                                                std::string_view redirect_uri,
                                                                std::string_view verifier,
                                                                int64_t now_s) {
  const auto secret = parse_secret_text(kCodeKind, code_text);
  if (!secret) return failure(ExchangeError::kInvalid);
  const std::string key = key_of(kCodePrefix, secret->hash);
  std::expected<Grant, ExchangeFailure> result;
  const auto done = store_.update(secret->user_id, [&](Transaction& user) -> Result<Outcome> {
    result = failure(ExchangeError::kInvalid);
    const auto stored = user.get(key);
    if (!stored) return std::unexpected(stored.error());
    auto code = *stored ? decode_code(**stored) : std::nullopt;
    if (!code) return Outcome::kAbandon;
    if (code->used) {
      result = failure(ExchangeError::kReplayed, code->grant_id);
      user.erase(key_of(kGrantPrefix, code->grant_id));
      return Outcome::kCommit;
    }
    // Whatever comes of it, it was tried.
    code->used = true;
    user.put(key, encode_code(*code));
    if (code->expires_s <= now_s || code->client_id != client_id ||
        code->redirect_uri != redirect_uri || !matches(verifier, code->challenge)) {
      return Outcome::kCommit;
    }
    const auto tidied = tidy(user, kGrantPrefix, limits_.entries_max, now_s);
    if (!tidied) return std::unexpected(tidied.error());
    result = new_grant(*code, now_s + limits_.grant_duration_s);
    user.put(key_of(kGrantPrefix, result->id), encode_grant(*result));
    return Outcome::kCommit;
  });
  if (!done) return failure(ExchangeError::kStore);
  if (!result) return std::unexpected(std::move(result.error()));
  return Exchanged{.user_id = secret->user_id,
                   .grant = *result,
                   .refresh_token = refresh_token_text(secret->user_id, *result, result->latest)};
}

std::expected<Exchanged, ExchangeFailure> Grants::refresh(std::string_view text,
                                                          std::string_view client_id,
                                                          int64_t now_s) {
  const auto token = parse_refresh_token(text);
  if (!token) return failure(ExchangeError::kInvalid);
  const std::string key = key_of(kGrantPrefix, token->grant_id);
  std::expected<Grant, ExchangeFailure> result;
  const auto done = store_.update(token->user_id, [&](Transaction& user) -> Result<Outcome> {
    result = failure(ExchangeError::kInvalid);
    const auto stored = user.get(key);
    if (!stored) return std::unexpected(stored.error());
    auto grant = *stored ? decode_grant(token->grant_id, **stored) : std::nullopt;
    if (!grant || !is_authentic(*token, *grant) || grant->client_id != client_id ||
        grant->expires_s <= now_s) {
      return Outcome::kAbandon;
    }
    if (grant->use(token->number, now_s, limits_.refresh_grace_s) == Grant::Verdict::kReplayed) {
      result = failure(ExchangeError::kReplayed, grant->id);
      user.erase(key);
      return Outcome::kCommit;
    }
    grant->expires_s = now_s + limits_.grant_duration_s;
    user.put(key, encode_grant(*grant));
    result = *std::move(grant);
    return Outcome::kCommit;
  });
  if (!done) return failure(ExchangeError::kStore);
  if (!result) return std::unexpected(std::move(result.error()));
  return Exchanged{.user_id = token->user_id,
                   .grant = *result,
                   .refresh_token = refresh_token_text(token->user_id, *result, result->latest)};
}

Result<std::optional<std::string>> Grants::end(std::string_view refresh_token,
                                               std::string_view client_id) {
  const auto token = parse_refresh_token(refresh_token);
  if (!token) return std::nullopt;
  const std::string key = key_of(kGrantPrefix, token->grant_id);
  std::optional<std::string> ended;
  const auto done = store_.update(token->user_id, [&](Transaction& user) -> Result<Outcome> {
    ended.reset();
    const auto stored = user.get(key);
    if (!stored) return std::unexpected(stored.error());
    const auto grant = *stored ? decode_grant(token->grant_id, **stored) : std::nullopt;
    if (!grant || !is_authentic(*token, *grant) || grant->client_id != client_id) {
      return Outcome::kAbandon;
    }
    ended = grant->id;
    user.erase(key);
    return Outcome::kCommit;
  });
  if (!done) return std::unexpected(done.error());
  return ended;
}

Result<void> Grants::end_by_id(std::string_view user_id, std::string_view grant_id) {
  const std::string key = key_of(kGrantPrefix, grant_id);
  return store_.update(user_id, [&](Transaction& user) -> Result<Outcome> {
    user.erase(key);
    return Outcome::kCommit;
  });
}

Result<std::string> Grants::remember_browser(std::string_view user_id, int64_t now_s) {
  std::string cookie = make_secret_text(kLoginKind, user_id);
  const std::string key = key_of(kLoginPrefix, sha256(cookie));
  const auto done = store_.update(user_id, [&](Transaction& user) -> Result<Outcome> {
    const auto tidied = tidy(user, kLoginPrefix, limits_.entries_max, now_s);
    if (!tidied) return std::unexpected(tidied.error());
    user.put(key, encode_login(now_s, now_s + limits_.browser_duration_s));
    return Outcome::kCommit;
  });
  if (!done) return std::unexpected(done.error());
  return cookie;
}

std::optional<BrowserLogin> Grants::find_browser(std::string_view cookie, int64_t now_s) {
  const auto secret = parse_secret_text(kLoginKind, cookie);
  if (!secret) return std::nullopt;
  const auto reader = store_.read(secret->user_id);
  if (!reader) return std::nullopt;
  const auto stored = (*reader)->get(key_of(kLoginPrefix, secret->hash));
  if (!stored || !*stored) return std::nullopt;
  const auto login = decode_login(**stored);
  if (!login || login->second <= now_s) return std::nullopt;
  return BrowserLogin{.user_id = secret->user_id, .auth_time_s = login->first};
}

Result<void> Grants::forget_browser(std::string_view cookie) {
  const auto secret = parse_secret_text(kLoginKind, cookie);
  if (!secret) return {};
  return store_.update(secret->user_id, [&](Transaction& user) -> Result<Outcome> {
    user.erase(key_of(kLoginPrefix, secret->hash));
    return Outcome::kCommit;
  });
}

}  // namespace tideway::oidc

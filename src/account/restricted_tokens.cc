// A token lies in the partition of its user, so that it goes with the account:
//
//   T <id>   version:byte = 1
//            has_paths:byte [path_count:varint path:bytes*path_count]
//            seconds:signed-varint nanoseconds:varint offset_seconds:signed-varint   the expiration
//            created_ms:signed-varint modified_ms:signed-varint
//
// In the directory, "t" followed by the id gives the user id. It is written before the token and
// erased after it, so it may point to a token that is not there.
#include "account/restricted_tokens.h"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "base/coding.h"
#include "base/ids.h"
#include "base/text.h"

namespace tideway::account {
namespace {

constexpr std::string_view kTokenPrefix = "T";
constexpr std::string_view kDirectoryPrefix = "t";
constexpr char kVersion = 1;

std::string key_of(std::string_view prefix, std::string_view id) {
  std::string key(prefix);
  key += id;
  return key;
}

std::string encode(const RestrictedToken& token) {
  std::string out(1, kVersion);
  out += token.paths ? '\1' : '\0';
  if (token.paths) {
    put_varint(out, token.paths->size());
    for (const std::string& path : *token.paths) put_bytes(out, path);
  }
  put_signed_varint(out, token.expiration.seconds);
  put_varint(out, static_cast<uint64_t>(token.expiration.nanoseconds));
  put_signed_varint(out, token.expiration.offset_seconds);
  put_signed_varint(out, token.created_ms);
  put_signed_varint(out, token.modified_ms);
  return out;
}

store::Result<RestrictedToken> decode(std::string_view user_id, std::string_view id,
                                      std::string_view bytes) {
  Decoder in(bytes);
  const uint8_t version = in.byte();
  if (in.ok() && version != kVersion) {
    return std::unexpected(
        store::Error{store::Error::Kind::kVersion, "a restricted token has an unknown version"});
  }
  RestrictedToken token;
  token.id = id;
  token.user_id = user_id;
  if (in.byte() != 0) {
    token.paths.emplace();
    for (uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      token.paths->emplace_back(in.bytes());
    }
  }
  token.expiration.seconds = in.signed_varint();
  token.expiration.nanoseconds = static_cast<int32_t>(in.varint());
  token.expiration.offset_seconds = static_cast<int32_t>(in.signed_varint());
  token.created_ms = in.signed_varint();
  token.modified_ms = in.signed_varint();
  if (!in.at_end()) {
    return std::unexpected(
        store::Error{store::Error::Kind::kCorruption, "a restricted token is damaged"});
  }
  return token;
}

bool has_expired(const RestrictedToken& token, int64_t now_ms) {
  return token.expiration.milliseconds() < now_ms;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

}  // namespace

std::string RestrictedToken::json() const {
  std::string out = "{";
  append_member(out, "id", id);
  append_member(out, "userId", user_id);
  if (paths) {
    out += ",\"paths\":[";
    for (const std::string& path : *paths) {
      if (out.back() != '[') out += ',';
      append_json_string(out, path);
    }
    out += ']';
  }
  append_member(out, "expirationTime", format_time(expiration));
  append_member(out, "createdTime", format_utc_milliseconds(created_ms));
  if (modified_ms != 0) append_member(out, "modifiedTime", format_utc_milliseconds(modified_ms));
  return out + '}';
}

bool RestrictedToken::covers(std::string_view path) const {
  if (!paths) return true;
  return std::ranges::any_of(*paths, [path](std::string_view allowed) {
    if (path == allowed) return true;
    if (allowed.ends_with('/')) allowed.remove_suffix(1);
    return path.starts_with(allowed) && path.substr(allowed.size()).starts_with('/');
  });
}

store::Result<std::optional<RestrictedToken>> RestrictedTokens::create(std::string_view user_id,
                                                                       Wish wish) {
  RestrictedToken token;
  token.id = random_id();
  token.user_id = user_id;
  token.paths = std::move(wish.paths);
  token.created_ms = now_ms_();
  const int64_t expires_ms = token.created_ms + kRestrictedTokenDurationMs;
  token.expiration = wish.expiration.value_or(
      Time{.seconds = expires_ms / 1000,
           .nanoseconds = static_cast<int32_t>(expires_ms % 1000) * 1'000'000});
  const auto named = store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
    directory.put(key_of(kDirectoryPrefix, token.id), user_id);
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
  if (!named) return std::unexpected(named.error());
  bool too_many = false;
  std::vector<std::string> expired;
  const Change add = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    expired.clear();
    size_t count = 0;
    store::Result<void> decoded;
    const auto scanned = store::scan_prefix(
        transaction, kTokenPrefix, [&](std::string_view key, std::string_view value) {
          const auto other = decode(user_id, key.substr(kTokenPrefix.size()), value);
          if (!other) {
            decoded = std::unexpected(other.error());
            return false;
          }
          if (has_expired(*other, token.created_ms)) {
            expired.push_back(other->id);
          } else {
            ++count;
          }
          return true;
        });
    if (!scanned) return std::unexpected(scanned.error());
    if (!decoded) return std::unexpected(decoded.error());
    too_many = count >= kRestrictedTokensMax;
    if (too_many) return store::Outcome::kAbandon;
    for (const std::string& id : expired) transaction.erase(key_of(kTokenPrefix, id));
    transaction.put(key_of(kTokenPrefix, token.id), encode(token));
    return store::Outcome::kCommit;
  };
  if (const auto done = store_.update(user_id, add); !done) return std::unexpected(done.error());
  if (too_many) expired.assign(1, token.id);
  // What is left of them in the directory does no harm if this fails.
  if (!expired.empty()) {
    std::ignore = store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
      for (const std::string& id : expired) directory.erase(key_of(kDirectoryPrefix, id));
      return store::Result<store::Outcome>(store::Outcome::kCommit);
    });
  }
  if (too_many) return std::nullopt;
  return token;
}

store::Result<std::vector<RestrictedToken>> RestrictedTokens::list(std::string_view user_id) {
  std::vector<RestrictedToken> tokens;
  if (!is_user_id(user_id)) return tokens;
  const auto reader = store_.read(user_id);
  if (!reader) return std::unexpected(reader.error());
  store::Result<void> decoded;
  const auto scanned =
      store::scan_prefix(**reader, kTokenPrefix, [&](std::string_view key, std::string_view value) {
        auto token = decode(user_id, key.substr(kTokenPrefix.size()), value);
        if (!token) {
          decoded = std::unexpected(token.error());
          return false;
        }
        tokens.push_back(*std::move(token));
        return true;
      });
  if (!scanned) return std::unexpected(scanned.error());
  if (!decoded) return std::unexpected(decoded.error());
  std::ranges::stable_sort(tokens, std::ranges::greater(), &RestrictedToken::created_ms);
  return tokens;
}

store::Result<std::optional<RestrictedToken>> RestrictedTokens::find(std::string_view id) {
  if (!is_data_id(id)) return std::nullopt;
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return std::unexpected(directory.error());
  const auto user_id = (*directory)->get(key_of(kDirectoryPrefix, id));
  if (!user_id) return std::unexpected(user_id.error());
  if (!*user_id || !is_user_id(**user_id)) return std::nullopt;
  const auto reader = store_.read(**user_id);
  if (!reader) return std::unexpected(reader.error());
  const auto bytes = (*reader)->get(key_of(kTokenPrefix, id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto token = decode(**user_id, id, **bytes);
  if (!token) return std::unexpected(token.error());
  return *std::move(token);
}

store::Result<std::optional<RestrictedToken>> RestrictedTokens::update(std::string_view id,
                                                                       Wish wish) {
  const auto found = find(id);
  if (!found || !*found) return found;
  std::optional<RestrictedToken> changed;
  const std::string key = key_of(kTokenPrefix, id);
  const Change apply = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    changed.reset();
    const auto bytes = transaction.get(key);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return store::Outcome::kAbandon;
    auto token = decode((*found)->user_id, id, **bytes);
    if (!token) return std::unexpected(token.error());
    if (wish.paths) token->paths = wish.paths;
    if (wish.expiration) token->expiration = *wish.expiration;
    token->modified_ms = now_ms_();
    transaction.put(key, encode(*token));
    changed = *std::move(token);
    return store::Outcome::kCommit;
  };
  if (const auto done = store_.update((*found)->user_id, apply); !done) {
    return std::unexpected(done.error());
  }
  forget(id);
  return changed;
}

store::Result<void> RestrictedTokens::remove(std::string_view id) {
  const auto found = find(id);
  if (!found) return std::unexpected(found.error());
  if (!*found) return {};
  const auto done = store_.update((*found)->user_id, [&](store::Transaction& transaction) {
    transaction.erase(key_of(kTokenPrefix, id));
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
  if (!done) return done;
  forget(id);
  std::ignore = store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
    directory.erase(key_of(kDirectoryPrefix, id));
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
  return {};
}

store::Result<void> RestrictedTokens::remove_all(std::string_view user_id) {
  const auto tokens = list(user_id);
  if (!tokens) return std::unexpected(tokens.error());
  for (const RestrictedToken& token : *tokens) {
    if (auto done = remove(token.id); !done) return done;
  }
  return {};
}

/// The token as it was read at most kCacheMs ago.
store::Result<std::optional<RestrictedToken>> RestrictedTokens::cached(std::string_view id) {
  const int64_t now_ms = now_ms_();
  uint64_t changes = 0;
  {
    const std::shared_lock lock(mutex_);
    changes = changes_;
    const auto found = cache_.find(std::string(id));
    if (found != cache_.end() && now_ms - found->second.read_ms < kCacheMs) {
      return found->second.token;
    }
  }
  auto token = find(id);
  if (!token || !*token) return token;
  const std::unique_lock lock(mutex_);
  // What was changed since may be this token: then what was read is old already.
  if (changes == changes_) {
    if (cache_.size() >= kCacheEntriesMax) cache_.clear();
    cache_.insert_or_assign(std::string(id), Cached{**token, now_ms});
  }
  return token;
}

void RestrictedTokens::forget(std::string_view id) {
  const std::unique_lock lock(mutex_);
  ++changes_;
  cache_.erase(std::string(id));
}

std::optional<std::string> RestrictedTokens::authorise(std::string_view id, std::string_view path) {
  if (!is_data_id(id)) return std::nullopt;
  // As with every token that cannot be checked, the request is a stranger's.
  auto token = cached(id);
  if (!token || !*token) return std::nullopt;
  if (has_expired(**token, now_ms_()) || !(*token)->covers(path)) return std::nullopt;
  return std::move((*token)->user_id);
}

}  // namespace tideway::account

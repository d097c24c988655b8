// In the directory, under "koidc":
//
//   keys := version:byte = 1 count:varint (created_s:signed-varint id:bytes pem:bytes)*count
//
// The newest comes first; it is the one that signs.
#include "oidc/signing_keys.h"

#include <algorithm>
#include <mutex>

#include "base/coding.h"
#include "base/ids.h"
#include "oidc/jwk.h"

namespace tideway::oidc {
namespace {

constexpr std::string_view kName = "koidc";
constexpr char kVersion = 1;

store::Error corruption() {
  return {store::Error::Kind::kCorruption, "the keys that sign OIDC tokens are damaged"};
}

}  // namespace

std::string SigningKeys::encode(const Pairs& pairs) {
  std::string out(1, kVersion);
  put_varint(out, pairs.size());
  for (const Pair& pair : pairs) {
    put_signed_varint(out, pair.created_s);
    put_bytes(out, pair.private_key.id);
    put_bytes(out, pair.private_key.pem);
  }
  return out;
}

store::Result<SigningKeys::Pairs> SigningKeys::decode(std::string_view bytes) {
  Decoder in(bytes);
  if (in.byte() != kVersion && in.ok()) {
    return std::unexpected(store::Error{store::Error::Kind::kVersion,
                                        "the keys that sign OIDC tokens have an unknown version"});
  }
  Pairs pairs;
  for (uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Pair pair;
    pair.created_s = in.signed_varint();
    pair.private_key.id = in.bytes();
    pair.private_key.pem = in.bytes();
    if (!in.ok()) break;
    pair.public_key = {.id = pair.private_key.id,
                       .algorithm = Algorithm::kRs256,
                       .pem = public_pem(pair.private_key.pem)};
    if (pair.public_key.pem.empty()) return std::unexpected(corruption());
    pairs.push_back(std::move(pair));
  }
  if (!in.at_end()) return std::unexpected(corruption());
  return pairs;
}

/// Whether anything has changed.
bool SigningKeys::renew(Pairs& pairs, int64_t now_s) {
  const size_t dropped = std::erase_if(pairs, [&](const Pair& pair) {
    return pair.created_s + kKeyDurationSeconds + kKeyGraceSeconds <= now_s;
  });
  if (!pairs.empty() && pairs.front().created_s + kKeyDurationSeconds > now_s) return dropped > 0;
  Pair fresh{.created_s = now_s,
             .private_key = {.id = random_id(), .pem = make_rsa_key()},
             .public_key = {}};
  fresh.public_key = {.id = fresh.private_key.id, .pem = public_pem(fresh.private_key.pem)};
  if (fresh.public_key.pem.empty()) return dropped > 0;
  pairs.insert(pairs.begin(), std::move(fresh));
  return true;
}

store::Result<std::unique_ptr<SigningKeys>> SigningKeys::open(store::Store& store, int64_t now_s) {
  std::unique_ptr<SigningKeys> keys(new SigningKeys(store));
  if (const auto rotated = keys->rotate(now_s); !rotated) return std::unexpected(rotated.error());
  if (keys->pairs_.empty()) {
    return std::unexpected(
        store::Error{store::Error::Kind::kUnavailable, "no key to sign OIDC tokens can be made"});
  }
  return keys;
}

store::Result<void> SigningKeys::rotate(int64_t now_s) {
  Pairs pairs;
  const auto done =
      store_.update(store::kDirectoryPartition,
                    [&](store::Transaction& directory) -> store::Result<store::Outcome> {
                      pairs.clear();
                      const auto stored = directory.get(kName);
                      if (!stored) return std::unexpected(stored.error());
                      if (*stored) {
                        auto decoded = decode(**stored);
                        if (!decoded) return std::unexpected(decoded.error());
                        pairs = *std::move(decoded);
                      }
                      if (!renew(pairs, now_s)) return store::Outcome::kAbandon;
                      directory.put(kName, encode(pairs));
                      return store::Outcome::kCommit;
                    });
  if (!done) return done;
  const std::unique_lock lock(mutex_);
  pairs_ = std::move(pairs);
  return {};
}

std::string SigningKeys::sign(std::string_view claims_json) const {
  const std::shared_lock lock(mutex_);
  return sign_jws(claims_json, pairs_.front().private_key);
}

std::optional<std::string> SigningKeys::verify(std::string_view text) const {
  const std::shared_lock lock(mutex_);
  const auto find = [&](std::string_view id) -> std::optional<Key> {
    for (const Pair& pair : pairs_) {
      if (pair.public_key.id == id) return pair.public_key;
    }
    return std::nullopt;
  };
  return open_jws(text, find);
}

std::string SigningKeys::jwks() const {
  const std::shared_lock lock(mutex_);
  std::vector<Key> keys;
  for (const Pair& pair : pairs_) keys.push_back(pair.public_key);
  return jwks_json(keys);
}

}  // namespace tideway::oidc

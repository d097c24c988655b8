// A grant lies in the partition of the account that gives it, so that asking what a caller may do
// with an account is one look into that account's partition:
//
//   P <grantee id>   version:byte = 1 known:byte json
//
//     known   bits 0 to 4: custodian, upload, view, note, follow
//     json    the set as docs/spec/http.md 2.3 shows it, keys sorted; never empty
//
// The partition of the grantee holds an index of those who gave it something:
//
//   p <owner id>     empty
//
// The index is written before the grant and stays when the grant is taken away, so it may name an
// owner whose grant is not there. It is a hint: the grant itself is looked up before anything is
// said. Were it erased, a grant given at the same moment could be left without its entry.
#include "account/sharing.h"

#include <utility>
#include <vector>

#include "base/coding.h"
#include "base/ids.h"

namespace tideway::account {
namespace {

constexpr std::string_view kGrantPrefix = "P";
constexpr std::string_view kIndexPrefix = "p";
constexpr char kVersion = 1;

std::string key_of(std::string_view prefix, std::string_view id) {
  std::string key(prefix);
  key += id;
  return key;
}

std::string encode(const PermissionSet& set) {
  const Permissions& known = set.known;
  std::string out(1, kVersion);
  out += static_cast<char>(known.custodian | known.upload << 1 | known.view << 2 | known.note << 3 |
                           known.follow << 4);
  out += set.json;
  return out;
}

store::Result<PermissionSet> decode(std::string_view bytes) {
  Decoder in(bytes);
  const uint8_t version = in.byte();
  if (in.ok() && version != kVersion) {
    return std::unexpected(
        store::Error{store::Error::Kind::kVersion, "a grant has an unknown version"});
  }
  const uint8_t bits = in.byte();
  if (!in.ok() || in.rest().empty()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "a grant is damaged"});
  }
  return PermissionSet{.json = std::string(in.rest()),
                       .known = {.custodian = (bits & 1) != 0,
                                 .upload = (bits & 2) != 0,
                                 .view = (bits & 4) != 0,
                                 .note = (bits & 8) != 0,
                                 .follow = (bits & 16) != 0}};
}

store::Result<std::vector<std::string>> ids_below(const store::Reader& reader,
                                                  std::string_view prefix) {
  std::vector<std::string> ids;
  const auto scanned = store::scan_prefix(reader, prefix, [&](std::string_view key, auto) {
    ids.emplace_back(key.substr(prefix.size()));
    return true;
  });
  if (!scanned) return std::unexpected(scanned.error());
  return ids;
}

}  // namespace

store::Result<Permissions> Sharing::granted(std::string_view owner_id,
                                            std::string_view caller_id) const {
  if (caller_id.empty()) return Permissions();
  if (caller_id == owner_id) return Permissions{.root = true};
  const auto set = find(owner_id, caller_id);
  if (!set) return std::unexpected(set.error());
  return *set ? (*set)->known : Permissions();
}

store::Result<std::optional<PermissionSet>> Sharing::find(std::string_view owner_id,
                                                          std::string_view grantee_id) const {
  // Anything else could name a partition that is no user's.
  if (!is_user_id(owner_id) || !is_user_id(grantee_id)) return std::nullopt;
  const auto reader = store_.read(owner_id);
  if (!reader) return std::unexpected(reader.error());
  const auto bytes = (*reader)->get(key_of(kGrantPrefix, grantee_id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto set = decode(**bytes);
  if (!set) return std::unexpected(set.error());
  return *std::move(set);
}

store::Result<Sharing::Sets> Sharing::granted_by(std::string_view owner_id) const {
  Sets sets;
  if (!is_user_id(owner_id)) return sets;
  const auto reader = store_.read(owner_id);
  if (!reader) return std::unexpected(reader.error());
  store::Result<void> decoded;
  const auto scanned =
      store::scan_prefix(**reader, kGrantPrefix, [&](std::string_view key, std::string_view value) {
        auto set = decode(value);
        if (!set) {
          decoded = std::unexpected(set.error());
          return false;
        }
        sets.emplace(key.substr(kGrantPrefix.size()), *std::move(set));
        return true;
      });
  if (!scanned) return std::unexpected(scanned.error());
  if (!decoded) return std::unexpected(decoded.error());
  return sets;
}

store::Result<Sharing::Sets> Sharing::granted_to(std::string_view grantee_id) const {
  Sets sets;
  if (!is_user_id(grantee_id)) return sets;
  const auto reader = store_.read(grantee_id);
  if (!reader) return std::unexpected(reader.error());
  const auto owners = ids_below(**reader, kIndexPrefix);
  if (!owners) return std::unexpected(owners.error());
  for (const std::string& owner : *owners) {
    auto set = find(owner, grantee_id);
    if (!set) return std::unexpected(set.error());
    if (*set) sets.emplace(owner, **std::move(set));
  }
  return sets;
}

store::Result<void> Sharing::write_index(std::string_view owner_id, std::string_view grantee_id) {
  const std::string key = key_of(kIndexPrefix, owner_id);
  return store_.update(grantee_id, [&](store::Transaction& transaction) {
    transaction.put(key, {});
    return store::Result<store::Outcome>(store::Outcome::kCommit);
  });
}

store::Result<Sharing::Granted> Sharing::grant(std::string_view owner_id,
                                               std::string_view grantee_id,
                                               const PermissionSet& set) {
  if (!is_user_id(owner_id) || !is_user_id(grantee_id) || owner_id == grantee_id) {
    return Granted::kDone;
  }
  const bool present = !set.empty();
  if (present) {
    if (auto indexed = write_index(owner_id, grantee_id); !indexed) {
      return std::unexpected(indexed.error());
    }
  }
  const std::string key = key_of(kGrantPrefix, grantee_id);
  auto granted = Granted::kDone;
  const auto apply = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    granted = Granted::kDone;
    if (!present) {
      transaction.erase(key);
      return store::Outcome::kCommit;
    }
    const auto before = transaction.get(key);
    if (!before) return std::unexpected(before.error());
    if (!*before) {
      const auto others = ids_below(transaction, kGrantPrefix);
      if (!others) return std::unexpected(others.error());
      if (others->size() >= kGrantsMax) {
        granted = Granted::kTooMany;
        return store::Outcome::kAbandon;
      }
    }
    transaction.put(key, encode(set));
    return store::Outcome::kCommit;
  };
  if (const auto done = store_.update(owner_id, apply); !done) {
    return std::unexpected(done.error());
  }
  return granted;
}

store::Result<void> Sharing::forget(std::string_view user_id) {
  const auto grantees = granted_by(user_id);
  if (!grantees) return std::unexpected(grantees.error());
  const PermissionSet nothing;
  for (const auto& [grantee, set] : *grantees) {
    if (const auto done = grant(user_id, grantee, nothing); !done) {
      return std::unexpected(done.error());
    }
  }
  const auto owners = granted_to(user_id);
  if (!owners) return std::unexpected(owners.error());
  for (const auto& [owner, set] : *owners) {
    if (const auto done = grant(owner, user_id, nothing); !done) {
      return std::unexpected(done.error());
    }
  }
  return {};
}

}  // namespace tideway::account

// In the partition of a user
//
//   C <collection>   version:byte = 1 json    the object, keys sorted
//   K <name>         version:byte = 1 json    a private pair: {"name":"","id":"…","hash":"…"}
#include "account/profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include "account/user_codec.h"
#include "base/ids.h"
#include "base/text.h"
#include "json/canonical.h"
#include "json/document.h"

namespace tideway::account {
namespace {

constexpr std::string_view kCollectionPrefix = "C";
constexpr std::string_view kPrivatePrefix = "K";
constexpr std::string_view kProfile = "profile";
constexpr char kVersion = 1;
constexpr size_t kNameSizeMax = 64;

std::string key_of(std::string_view prefix, std::string_view name) {
  std::string key(prefix);
  key += name;
  return key;
}

store::Result<std::string> decode(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion) {
    return std::unexpected(
        store::Error{store::Error::Kind::kVersion, "a collection has an unknown version"});
  }
  return std::string(bytes.substr(1));
}

/// The collection as `reader` has it.
store::Result<std::optional<std::string>> read(const store::Reader& reader,
                                               std::string_view user_id,
                                               std::string_view collection) {
  const auto account = reader.get(kUserKey);
  if (!account) return std::unexpected(account.error());
  if (!*account) return std::nullopt;
  const auto bytes = reader.get(key_of(kCollectionPrefix, collection));
  if (!bytes) return std::unexpected(bytes.error());
  if (*bytes) {
    auto json = decode(**bytes);
    if (!json) return std::unexpected(json.error());
    return *std::move(json);
  }
  if (collection != kProfile) return std::nullopt;
  // Clients cannot do without one.
  const auto user = decode_user(user_id, **account);
  if (!user) return std::unexpected(user.error());
  std::string json = "{\"fullName\":";
  append_json_string(json, user->full_name);
  return json + '}';
}

using Members = std::map<std::string, std::string>;  ///< name → JSON

/// Of an object; none when it is something else.
Members members_of(const std::string& json) {
  Members members;
  json::Parser parser;
  const auto root = parser.parse(json);
  simdjson::dom::object object;
  if (!root || root->get(object) != simdjson::SUCCESS) return members;
  for (const auto [name, value] : object) {
    std::string text;
    json::append_canonical(text, value);
    members.insert_or_assign(std::string(name), std::move(text));
  }
  return members;
}

std::string object_of(const Members& members) {
  std::string json = "{";
  for (const auto& [name, value] : members) {
    if (json.size() > 1) json += ',';
    append_json_string(json, name);
    json += ':';
    json += value;
  }
  return json + '}';
}

/// `json` with `value` at the end of the path; objects are made on the way where there are none.
std::string with_value(const std::string& json, std::span<const std::string> path,
                       const std::string& value) {
  if (path.empty()) return value;
  Members members = members_of(json);
  std::string& member = members[path.front()];
  member = with_value(member, path.subspan(1), value);
  return object_of(members);
}

std::vector<std::string> split_at_dots(std::string_view name) {
  std::vector<std::string> parts;
  while (parts.size() + 1 < kCollectionPathPartsMax) {
    const size_t dot = name.find('.');
    if (dot == std::string_view::npos) break;
    parts.emplace_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  parts.emplace_back(name);
  return parts;
}

store::Result<size_t> count(const store::Reader& reader, std::string_view prefix) {
  size_t found = 0;
  const auto scanned = store::scan_prefix(reader, prefix, [&](auto, auto) { return ++found > 0; });
  if (!scanned) return std::unexpected(scanned.error());
  return found;
}

}  // namespace

bool is_collection_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameSizeMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

store::Result<std::optional<std::string>> Profiles::find(std::string_view user_id,
                                                         std::string_view collection) const {
  if (!is_user_id(user_id) || !is_collection_name(collection)) return std::nullopt;
  const auto reader = store_.read(user_id);
  if (!reader) return std::unexpected(reader.error());
  return read(**reader, user_id, collection);
}

std::expected<std::string, Profiles::Failure> Profiles::merge(std::string_view user_id,
                                                              std::string_view collection,
                                                              const std::string& patch) {
  if (!is_user_id(user_id) || !is_collection_name(collection)) {
    return std::unexpected(Failure::kNoAccount);
  }
  if (patch.size() > kCollectionSizeBytesMax) return std::unexpected(Failure::kTooLarge);
  json::Parser parser;
  const auto root = parser.parse(patch);
  if (!root || !root->is_object()) return std::unexpected(Failure::kMalformed);
  const Members changes = members_of(patch);
  std::optional<Failure> failure;
  std::string merged;
  const std::string key = key_of(kCollectionPrefix, collection);
  const auto apply = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    failure.reset();
    const auto before = read(transaction, user_id, collection);
    if (!before) return std::unexpected(before.error());
    const auto account = transaction.get(kUserKey);
    if (!account) return std::unexpected(account.error());
    const auto collections = count(transaction, kCollectionPrefix);
    if (!collections) return std::unexpected(collections.error());
    merged = before->value_or("{}");
    for (const auto& [name, value] : changes) {
      if (value == "null") continue;
      merged = with_value(merged, split_at_dots(name), value);
    }
    if (!*account) failure = Failure::kNoAccount;
    const bool too_many = !*before && *collections >= kCollectionsMax;
    if (merged.size() > kCollectionSizeBytesMax || too_many) failure = Failure::kTooLarge;
    if (failure) return store::Outcome::kAbandon;
    transaction.put(key, std::string(1, kVersion) + merged);
    return store::Outcome::kCommit;
  };
  if (!store_.update(user_id, apply)) return std::unexpected(Failure::kStore);
  if (failure) return std::unexpected(*failure);
  return merged;
}

store::Result<std::optional<std::string>> Profiles::private_pair(std::string_view user_id,
                                                                 std::string_view name) {
  if (!is_user_id(user_id) || !is_collection_name(name)) return std::nullopt;
  const std::string key = key_of(kPrivatePrefix, name);
  const std::string fresh = fmt::format(R"({{"name":"","id":"{}","hash":"{}"}})", random_user_id(),
                                        random_id().substr(0, 24));
  std::optional<std::string> pair;
  const auto apply = [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
    pair.reset();
    const auto account = transaction.get(kUserKey);
    if (!account) return std::unexpected(account.error());
    const auto bytes = transaction.get(key);
    if (!bytes) return std::unexpected(bytes.error());
    if (*bytes) {
      auto stored = decode(**bytes);
      if (!stored) return std::unexpected(stored.error());
      pair = *std::move(stored);
      return store::Outcome::kAbandon;
    }
    const auto pairs = count(transaction, kPrivatePrefix);
    if (!pairs) return std::unexpected(pairs.error());
    if (!*account || *pairs >= kPrivatePairsMax) return store::Outcome::kAbandon;
    transaction.put(key, std::string(1, kVersion) + fresh);
    pair = fresh;
    return store::Outcome::kCommit;
  };
  if (const auto done = store_.update(user_id, apply); !done) {
    return std::unexpected(done.error());
  }
  return pair;
}

}  // namespace tideway::account

// What accounts say about themselves: named collections of free-form JSON such as "profile",
// "settings" and "preferences" (docs/spec/http.md 2.5). The grammar of what is stored stands at the
// head of profiles.cc.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::account {

inline constexpr size_t kCollectionSizeBytesMax = 64 << 10;
inline constexpr size_t kCollectionsMax = 16;          ///< of one account
inline constexpr size_t kPrivatePairsMax = 64;         ///< of one account
inline constexpr size_t kCollectionPathPartsMax = 16;  ///< of a key with dots

bool is_collection_name(std::string_view name);

/// Safe to call from any thread.
class Profiles {
 public:
  explicit Profiles(store::Store& store) : store_(store) {}

  /// The collection as a JSON object, keys sorted. An account without a stored profile has one with
  /// its name. Nothing when there is no such collection or account.
  store::Result<std::optional<std::string>> find(std::string_view user_id,
                                                 std::string_view collection) const;

  enum class Failure { kMalformed, kTooLarge, kNoAccount, kStore };
  /// Puts the members of `patch`, a JSON object, over those that are there, and gives the whole
  /// collection. A member with the value null is left out; a name with dots is a path into nested
  /// objects.
  std::expected<std::string, Failure> merge(std::string_view user_id, std::string_view collection,
                                            const std::string& patch);

  /// A pair of secrets between the account and a service, made at the first question: an object
  /// with id and hash. Nothing when there is no such account, or it has too many.
  store::Result<std::optional<std::string>> private_pair(std::string_view user_id,
                                                         std::string_view name);

 private:
  store::Store& store_;
};

}  // namespace tideway::account

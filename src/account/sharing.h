// Who shares with whom: the permissions that accounts granted each other (docs/spec/http.md 2.3,
// 2.4). The grammar of what is stored stands at the head of sharing.cc.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "account/permission_set.h"
#include "account/permissions.h"
#include "store/store.h"

namespace tideway::account {

/// An account may grant something to so many others.
inline constexpr size_t kGrantsMax = 1000;

/// Safe to call from any thread. Ids that have not the form of a user id hold nothing.
class Sharing final : public PermissionSource {
 public:
  explicit Sharing(store::Store& store) : store_(store) {}

  /// What `owner_id` granted `caller_id`; everybody holds root on the own account. Looks into the
  /// store only when the two differ.
  store::Result<Permissions> granted(std::string_view owner_id,
                                     std::string_view caller_id) const override;

  /// What `owner_id` granted to `grantee_id`, as it was written; nothing when there is nothing.
  store::Result<std::optional<PermissionSet>> find(std::string_view owner_id,
                                                   std::string_view grantee_id) const;

  /// By the id of the other account, ascending.
  using Sets = std::map<std::string, PermissionSet>;
  store::Result<Sets> granted_by(std::string_view owner_id) const;
  store::Result<Sets> granted_to(std::string_view grantee_id) const;

  enum class Granted { kDone, kTooMany };
  /// Replaces the whole set; one without a member takes the grant away. Durable when it returns.
  store::Result<Granted> grant(std::string_view owner_id, std::string_view grantee_id,
                               const PermissionSet& set);

  /// Takes away everything that the account granted and that was granted to it.
  store::Result<void> forget(std::string_view user_id);

 private:
  store::Result<void> write_index(std::string_view owner_id, std::string_view grantee_id);

  store::Store& store_;
};

}  // namespace tideway::account

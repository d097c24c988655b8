// What one account allows another to do with its data (docs/spec/datasets.md 3).
#pragma once

#include <string_view>

#include "store/store.h"

namespace tideway::account {

struct Permissions {
  bool root = false;  ///< the owner's own; implies upload and view
  bool custodian = false;
  bool upload = false;
  bool view = false;

  bool operator==(const Permissions&) const = default;
};

/// Any thread may ask at any time.
class PermissionSource {
 public:
  virtual ~PermissionSource() = default;

  /// What `owner_id` granted `caller_id`. Nothing granted, or no such account, is no error.
  virtual store::Result<Permissions> granted(std::string_view owner_id,
                                             std::string_view caller_id) const = 0;
};

/// Every account for itself.
class NoSharing final : public PermissionSource {
 public:
  store::Result<Permissions> granted(std::string_view owner_id,
                                     std::string_view caller_id) const override {
    return Permissions{.root = owner_id == caller_id};
  }
};

}  // namespace tideway::account

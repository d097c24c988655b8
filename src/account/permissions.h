// What one account allows another to do with its data (docs/spec/datasets.md 3,
// docs/spec/http.md 2.3).
#pragma once

#include <string_view>

#include "store/store.h"

namespace tideway::account {

struct Permissions {
  bool root = false;  ///< the owner's own; implies upload and view
  bool custodian = false;
  bool upload = false;
  bool view = false;
  bool note = false;
  bool follow = false;

  bool any() const { return root || custodian || upload || view || note || follow; }

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

}  // namespace tideway::account

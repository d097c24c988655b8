// Who may do what with the data of an account (docs/spec/datasets.md 3). Services may everything
// that they are asked about here.
#pragma once

#include <string_view>

#include "account/permissions.h"
#include "api/credentials.h"
#include "dataset/data_set.h"

namespace tideway::api {

class Access {
 public:
  /// The source must outlive it.
  explicit Access(const account::PermissionSource& permissions) : permissions_(permissions) {}

  /// Reading records, and lists of sets with their wrapping.
  store::Result<bool> may_view(const Identity& caller, std::string_view owner_id) const;
  /// Bare lists of sets: any relation to the account will do.
  store::Result<bool> may_list(const Identity& caller, std::string_view owner_id) const;
  /// Opening, filling and closing sets.
  store::Result<bool> may_upload(const Identity& caller, std::string_view owner_id) const;
  /// Storing device logs.
  store::Result<bool> may_upload_logs(const Identity& caller, std::string_view owner_id) const;
  /// Reading device logs: whoever granted the other anything.
  store::Result<bool> is_related(const Identity& caller, std::string_view owner_id) const;
  /// Deleting and restoring whatever there is.
  store::Result<bool> may_delete(const Identity& caller, std::string_view owner_id) const;
  /// Deleting and restoring this set: whoever uploaded it may, too.
  store::Result<bool> may_delete(const Identity& caller, const dataset::DataSet& set) const;

 private:
  /// `allows` decides about the permissions of a user.
  template <class Allows>
  store::Result<bool> check(const Identity& caller, std::string_view owner_id, Allows allows) const;

  const account::PermissionSource& permissions_;
};

}  // namespace tideway::api

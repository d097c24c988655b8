#include "api/access.h"

namespace tideway::api {
namespace {

using account::Permissions;

bool uploads(const Permissions& granted) { return granted.root || granted.upload; }
bool views(const Permissions& granted) { return granted.root || granted.view; }
bool deletes(const Permissions& granted) { return granted.root || granted.custodian; }

}  // namespace

template <class Allows>
store::Result<bool> Access::check(const Identity& caller, std::string_view owner_id,
                                  Allows allows) const {
  if (caller.kind == Identity::Kind::kService) return true;
  if (caller.kind != Identity::Kind::kUser) return false;
  const auto granted = permissions_.granted(owner_id, caller.user_id);
  if (!granted) return std::unexpected(granted.error());
  return allows(*granted);
}

store::Result<bool> Access::may_view(const Identity& caller, std::string_view owner_id) const {
  return check(caller, owner_id, views);
}

store::Result<bool> Access::may_list(const Identity& caller, std::string_view owner_id) const {
  return check(caller, owner_id, [](const Permissions& granted) {
    return views(granted) || uploads(granted) || granted.custodian;
  });
}

store::Result<bool> Access::may_upload(const Identity& caller, std::string_view owner_id) const {
  return check(caller, owner_id, uploads);
}

store::Result<bool> Access::may_upload_logs(const Identity& caller,
                                            std::string_view owner_id) const {
  return check(caller, owner_id,
               [](const Permissions& granted) { return uploads(granted) || granted.custodian; });
}

store::Result<bool> Access::is_related(const Identity& caller, std::string_view owner_id) const {
  const auto granted =
      check(caller, owner_id, [](const Permissions& granted) { return granted.any(); });
  if (!granted || *granted || caller.kind != Identity::Kind::kUser) return granted;
  const auto gives = permissions_.granted(caller.user_id, owner_id);
  if (!gives) return std::unexpected(gives.error());
  return gives->any();
}

store::Result<bool> Access::may_delete(const Identity& caller, std::string_view owner_id) const {
  return check(caller, owner_id, deletes);
}

store::Result<bool> Access::may_delete(const Identity& caller, const dataset::DataSet& set) const {
  return check(caller, set.user_id, [&](const Permissions& granted) {
    return deletes(granted) || (uploads(granted) && set.created_user_id == caller.user_id);
  });
}

}  // namespace tideway::api

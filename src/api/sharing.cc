#include "api/sharing.h"

#include <functional>
#include <utility>

#include "api/gatekeeper.h"
#include "api/shoreline.h"
#include "base/text.h"

namespace tideway::api {
namespace {

using account::PermissionSet;
using account::Sharing;
using server::Request;
using server::Response;

constexpr std::string_view kRoot = "{\"root\":{}}";

/// The account itself first, then the others.
Response map_reply(std::string_view user_id, const Sharing::Sets& sets) {
  std::string body = "{";
  append_json_string(body, user_id);
  body += ':';
  body += kRoot;
  for (const auto& [other, set] : sets) {
    body += ',';
    append_json_string(body, other);
    body += ':';
    body += set.json;
  }
  return plain_json(200, body + '}');
}

/// Services, the account itself and its custodians.
store::Result<bool> may_manage(const Sharing& sharing, const Identity& caller,
                               std::string_view user_id) {
  if (caller.is_service() || caller.user_id == user_id) return true;
  const auto held = sharing.granted(user_id, caller.user_id);
  if (!held) return std::unexpected(held.error());
  return held->custodian;
}

}  // namespace

std::vector<server::Route> SharingApi::routes() {
  const auto route = [this](std::string method, std::string pattern,
                            Response (SharingApi::*handle)(const Request&, const Identity&)) {
    return gatekeeper_route(std::move(method), std::move(pattern), tokens_,
                            std::bind_front(handle, this));
  };
  return {
      route("GET", "/access/groups/{userId}", &SharingApi::groups),
      route("GET", "/access/{sharerId}", &SharingApi::granted_by),
      route("GET", "/access/{sharerId}/{granteeId}", &SharingApi::pair),
      route("POST", "/access/{sharerId}/{granteeId}", &SharingApi::grant),
  };
}

Response SharingApi::groups(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables.at(0);
  const auto may = may_manage(sharing_, caller, user_id);
  if (!may) return gatekeeper_failure(request, may.error().message);
  if (!*may) return not_permitted();
  const auto sets = sharing_.granted_to(user_id);
  if (!sets) return gatekeeper_failure(request, sets.error().message);
  return map_reply(user_id, *sets);
}

Response SharingApi::granted_by(const Request& request, const Identity& caller) {
  const std::string& sharer = request.variables.at(0);
  const auto may = may_manage(sharing_, caller, sharer);
  if (!may) return gatekeeper_failure(request, may.error().message);
  if (!*may) return not_permitted();
  const auto sets = sharing_.granted_by(sharer);
  if (!sets) return gatekeeper_failure(request, sets.error().message);
  return map_reply(sharer, *sets);
}

Response SharingApi::pair(const Request& request, const Identity& caller) {
  const std::string& sharer = request.variables.at(0);
  const std::string& grantee = request.variables.at(1);
  if (caller.user_id != grantee) {
    const auto may = may_manage(sharing_, caller, sharer);
    if (!may) return gatekeeper_failure(request, may.error().message);
    if (!*may) return not_permitted();
  }
  if (sharer == grantee) return plain_json(200, std::string(kRoot));
  const auto set = sharing_.find(sharer, grantee);
  if (!set) return gatekeeper_failure(request, set.error().message);
  if (!*set) return code_and_message(404, "NotFound", "");
  return plain_json(200, (*set)->json);
}

Response SharingApi::grant(const Request& request, const Identity& caller) {
  const std::string& sharer = request.variables.at(0);
  const std::string& grantee = request.variables.at(1);
  const auto may = may_manage(sharing_, caller, sharer);
  if (!may) return gatekeeper_failure(request, may.error().message);
  const auto set = account::parse_permissions(request.body);
  // Whoever was given something may always give it back.
  const bool gives_back = set && set->empty() && caller.user_id == grantee;
  if (!*may && !gives_back) return not_permitted();
  if (!set && set.error() == account::PermissionSetError::kTooLarge) {
    return code_and_message(413, "RequestEntityTooLarge", "The permissions are too long");
  }
  if (!set) return code_and_message(400, "InvalidContent", "Invalid JSON: an object is expected");
  if (sharer == grantee) return plain_json(200, std::string(kRoot));
  if (!set->empty()) {
    for (const std::string& user_id : {sharer, grantee}) {
      const auto user = accounts_.find(user_id);
      if (!user) return gatekeeper_failure(request, user.error().message);
      if (!*user) return code_and_message(404, "NotFound", "");
    }
  }
  const auto granted = sharing_.grant(sharer, grantee, *set);
  if (!granted) return gatekeeper_failure(request, granted.error().message);
  if (*granted == Sharing::Granted::kTooMany) {
    return code_and_message(409, "LimitExceeded", "The account shares with too many others");
  }
  return plain_json(200, set->empty() ? "null" : set->json);
}

}  // namespace tideway::api

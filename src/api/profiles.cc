#include "api/profiles.h"

#include <functional>
#include <utility>

#include "api/gatekeeper.h"
#include "api/shoreline.h"
#include "base/text.h"
#include "json/document.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

Response collections(const Request&) {
  return plain_json(200, R"(["profile","groups","private"])");
}

/// What somebody sees of a profile who shares with its owner, but gets nothing back: the name.
std::string name_only(const std::string& profile) {
  json::Parser parser;
  const auto root = parser.parse(profile);
  std::string_view name;
  if (!root || !root->is_object() || (*root)["fullName"].get(name) != simdjson::SUCCESS) {
    return "{}";
  }
  std::string out = "{\"fullName\":";
  append_json_string(out, name);
  return out + '}';
}

}  // namespace

std::vector<server::Route> ProfilesApi::routes() {
  const auto route = [this](std::string method, std::string pattern,
                            Response (ProfilesApi::*handle)(const Request&, const Identity&)) {
    return gatekeeper_route(
        std::move(method), std::move(pattern), tokens_,
        [handle = std::bind_front(handle, this)](const Request& request, const Identity& caller) {
          Response response = handle(request, caller);
          response.compressible = false;
          return response;
        });
  };
  return {
      // Before the pattern that it also matches.
      route("GET", "/metadata/users/{userId}/users", &ProfilesApi::associated_users),
      route("GET", "/metadata/{userId}/private/{name}", &ProfilesApi::private_pair),
      route("DELETE", "/metadata/{userId}/private/{name}", &ProfilesApi::remove),
      {.method = "GET",
       .pattern = "/metadata/collections",
       .family = server::Family::kGatekeeper,
       .dataservices = true,
       .body_size_bytes_max = kGatekeeperBodyBytesMax,
       .handle = collections},
      route("GET", "/metadata/{userId}/{collection}", &ProfilesApi::get),
      route("PUT", "/metadata/{userId}/{collection}", &ProfilesApi::put),
      route("POST", "/metadata/{userId}/{collection}", &ProfilesApi::put),
      route("DELETE", "/metadata/{userId}/{collection}", &ProfilesApi::remove),
  };
}

/// Services, the account itself and its custodians.
store::Result<bool> ProfilesApi::may_manage(const Identity& caller,
                                            std::string_view user_id) const {
  if (caller.is_service() || caller.user_id == user_id) return true;
  const auto held = sharing_.granted(user_id, caller.user_id);
  if (!held) return std::unexpected(held.error());
  return held->custodian;
}

Response ProfilesApi::get(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables.at(0);
  const std::string& collection = request.variables.at(1);
  bool whole = caller.is_service() || caller.user_id == user_id;
  if (!whole) {
    const auto held = sharing_.granted(user_id, caller.user_id);
    if (!held) return gatekeeper_failure(request, held.error().message);
    whole = held->any();
    if (!whole) {
      const auto given = sharing_.granted(caller.user_id, user_id);
      if (!given) return gatekeeper_failure(request, given.error().message);
      if (!given->any() || collection != "profile") return not_permitted();
    }
  }
  const auto json = profiles_.find(user_id, collection);
  if (!json) return gatekeeper_failure(request, json.error().message);
  if (!*json) return empty_reply(404);
  return plain_json(200, whole ? **json : name_only(**json));
}

Response ProfilesApi::put(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables.at(0);
  const auto may = may_manage(caller, user_id);
  if (!may) return gatekeeper_failure(request, may.error().message);
  if (!*may) return not_permitted();
  auto merged = profiles_.merge(user_id, request.variables.at(1), request.body);
  if (merged) return plain_json(200, *std::move(merged));
  switch (merged.error()) {
    case account::Profiles::Failure::kMalformed:
      return code_and_message(400, "InvalidContent", "Invalid JSON: an object is expected");
    case account::Profiles::Failure::kTooLarge:
      return code_and_message(413, "RequestEntityTooLarge", "The collection is too large");
    case account::Profiles::Failure::kNoAccount:
      return empty_reply(404);
    case account::Profiles::Failure::kStore:
      break;
  }
  return gatekeeper_failure(request, "a collection could not be stored");
}

Response ProfilesApi::remove(const Request& request, const Identity& caller) {
  const auto may = may_manage(caller, request.variables.at(0));
  if (!may) return gatekeeper_failure(request, may.error().message);
  return *may ? empty_reply(501) : not_permitted();
}

Response ProfilesApi::private_pair(const Request& request, const Identity& caller) {
  if (!caller.is_service()) return not_permitted();
  const auto pair = profiles_.private_pair(request.variables.at(0), request.variables.at(1));
  if (!pair) return gatekeeper_failure(request, pair.error().message);
  return *pair ? plain_json(200, **pair) : empty_reply(404);
}

}  // namespace tideway::api

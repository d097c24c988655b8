#include "api/client_extras.h"

#include <utility>

#include "api/gatekeeper.h"
#include "api/shoreline.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

/// Whoever asks about another account than the own gets no answer, though it would be empty.
bool is_own(const Request& request, const Identity& caller) {
  return caller.is_service() || caller.user_id == request.variables.at(0);
}

PlatformHandler always(std::string body) {
  return [body = std::move(body)](const Request& request, const Identity& caller) {
    if (!is_own(request, caller)) return unauthorized_bare();
    return server::json_reply(200, body);
  };
}

/// Counts of clicks: accepted and forgotten.
Response forgotten(const Request&, const Identity&) { return empty_reply(200); }

Response forgotten_from_server(const Request&, const Identity& caller) {
  return caller.is_service() ? empty_reply(200) : text_reply(401, "Insufficient Permissions");
}

Response forgotten_from_user(const Request&, const Identity& caller) {
  return caller.is_service() ? text_reply(401, "Insufficient Permissions") : empty_reply(200);
}

}  // namespace

std::vector<server::Route> client_extra_routes(const account::Tokens& tokens,
                                               const Platform& platform) {
  std::vector<server::Route> routes;
  const auto get = [&](std::string pattern, std::string body) {
    routes.push_back(platform.route("GET", std::move(pattern), Requirement::kAuthenticated,
                                    kNoBodyBytesMax, always(std::move(body))));
  };
  get("/v1/clinicians/{userId}/clinics", "[]\n");
  get("/v1/clinicians/{userId}/invites", "[]\n");
  get("/v1/patients/{userId}/clinics", "[]\n");
  get("/v1/patients/{userId}/invites", "[]\n");
  get("/v1/users/{userId}/consents", R"({"count":0,"data":[]})"
                                     "\n");
  for (const std::string pattern : {"/confirm/invitations/{userId}", "/confirm/invite/{userId}"}) {
    routes.push_back(gatekeeper_route(
        "GET", pattern, tokens, [](const Request& request, const Identity& caller) {
          return is_own(request, caller) ? plain_json(200, "[]") : not_permitted();
        }));
  }
  routes.push_back(
      gatekeeper_route("GET", "/metrics/thisuser/{event}", tokens, forgotten_from_user));
  routes.push_back(gatekeeper_route("GET", "/metrics/user/{userId}/{event}", tokens, forgotten));
  routes.push_back(
      gatekeeper_route("GET", "/metrics/server/{name}/{event}", tokens, forgotten_from_server));
  return routes;
}

}  // namespace tideway::api

#include "api/audit_events.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/path_variable.h"
#include "base/ids.h"

namespace tideway::api {
namespace {

using server::Family;

/// Served by families that have to do with accounts, without having to do with one.
constexpr std::array<std::string_view, 9> kSilent = {
    "/v1/time",      "/status",     "/version", "/data/status",          "/auth/status",
    "/auth/private", "/auth/token", "/info",    "/metadata/collections",
};

bool is_silent(const server::Route& route) {
  return route.family == Family::kTideway || route.pattern.starts_with("/metrics/") ||
         std::ranges::find(kSilent, route.pattern) != kSilent.end();
}

/// The first user id in the path: of all patterns, that is whose data a request is about.
std::string user_in_path(const server::Request& request) {
  for (const std::string& variable : request.variables) {
    const auto text = decode_path_variable(variable);
    if (text && is_user_id(*text)) return *text;
  }
  return {};
}

}  // namespace

std::optional<audit::Event> audit_event(const server::Request& request, const server::Route& route,
                                        const server::Notes& notes, int status) {
  if (is_silent(route)) return std::nullopt;
  audit::Event event;
  event.who = notes.who.empty() ? "anonymous" : notes.who;
  event.what = route.method + ' ' + route.pattern;
  event.whose = notes.whose.empty() ? user_in_path(request) : notes.whose;
  // One's own account, where the path names none.
  constexpr std::string_view kUser = "user:";
  if (event.whose.empty() && event.who.starts_with(kUser)) {
    event.whose = event.who.substr(kUser.size());
  }
  event.from = request.client_address;
  event.trace = request.trace_request;
  event.status = status;
  return event;
}

}  // namespace tideway::api

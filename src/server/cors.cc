#include "server/cors.h"

#include <algorithm>

namespace tideway::server {

Cors::Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {
  if (std::ranges::find(origins_, "*") != origins_.end()) origins_.clear();
}

bool Cors::admits(std::string_view origin) const {
  return origins_.empty() || std::ranges::find(origins_, origin) != origins_.end();
}

bool Cors::is_preflight(const Request& request) {
  return request.method == "OPTIONS" && request.headers.find("Origin") &&
         request.headers.find("Access-Control-Request-Method");
}

Response Cors::preflight(std::string_view origin) const {
  Response response;
  response.compressible = false;
  if (!admits(origin)) return response;
  response.headers.add("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  response.headers.add("Access-Control-Allow-Headers",
                       "authorization, content-type, x-tidepool-session-token, "
                       "x-tidepool-trace-request, x-tidepool-trace-session, digest, "
                       "x-logs-start-at-time, x-logs-end-at-time");
  response.headers.add("Access-Control-Max-Age", "600");
  return response;
}

void Cors::add_headers(std::string_view origin, Headers& headers) const {
  if (origin.empty()) return;
  // Also for an origin that is not admitted: a cache must not give its answer to another one.
  headers.add("Vary", "Origin");
  if (!admits(origin)) return;
  // Never "*": browsers refuse that together with credentials.
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
  headers.set("Access-Control-Expose-Headers",
              "x-tidepool-session-token, x-tidepool-trace-request, x-tidepool-trace-session, "
              "link, x-tideway-next-cursor");
}

}  // namespace tideway::server

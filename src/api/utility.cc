#include "api/utility.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

constexpr std::string_view kInfo =
    R"({{"auth":{{"realm":{},"url":{}}},"versions":{{"uploaderMinimum":"{}",)"
    R"("loop":{{"minimumSupported":"1.1.0","criticalUpdateNeeded":[]}}}}}})";

Response time(const Request& request, const Identity&) {
  return server::envelope(
      request, 200, fmt::format(R"({{"time":"{}"}})", format_utc_milliseconds(now_milliseconds())));
}

server::Route open_route(std::string pattern, server::Family family,
                         std::function<Response(const Request&)> handle) {
  return {.method = "GET",
          .pattern = std::move(pattern),
          .family = family,
          .dataservices = true,
          .body_size_bytes_max = kNoBodyBytesMax,
          .handle = std::move(handle)};
}

Response openapi(const Request&) {
  Response response;
  response.headers.set("Content-Type", "application/yaml");
  response.body = openapi_text();
  return response;
}

}  // namespace

std::string info_json(std::string_view url, std::string_view realm) {
  if (url.empty()) return fmt::format(kInfo, "null", "null", kUploaderVersionMin);
  std::string quoted_realm;
  std::string quoted_url;
  append_json_string(quoted_realm, realm);
  append_json_string(quoted_url, url);
  return fmt::format(kInfo, quoted_realm, quoted_url, kUploaderVersionMin);
}

std::vector<server::Route> utility_routes(const Platform& platform, const std::string& version,
                                          std::string info) {
  std::string quoted_version;
  append_json_string(quoted_version, version);
  const std::string status_json = fmt::format(
      R"({{"Version":{},"Environment":"","DataStore":null,"Server":null}})", quoted_version);
  const std::string version_json = fmt::format(R"({{"version":{}}})", quoted_version);
  const auto always = [](std::string json) {
    return [json = std::move(json)](const Request& request, const Identity&) {
      return server::envelope(request, 200, json);
    };
  };
  const auto get = [&](std::string pattern, PlatformHandler handler) {
    return platform.route("GET", std::move(pattern), Requirement::kNone, kNoBodyBytesMax,
                          std::move(handler));
  };
  return {get("/v1/time", time), get("/status", always(status_json)),
          get("/version", always(version_json)),
          open_route(
              "/info", server::Family::kJellyfish,
              [info = std::move(info)](const Request&) { return server::json_reply(200, info); }),
          open_route("/openapi.yaml", server::Family::kTideway, openapi)};
}

}  // namespace tideway::api

// Time, status, version, /info and the API's own description (docs/spec/http.md 9).
#pragma once

#include <string>
#include <vector>

#include "api/platform.h"
#include "server/router.h"

namespace tideway::api {

/// The Uploader refuses to start when it is older, and the legacy upload refuses it.
inline constexpr std::string_view kUploaderVersionMin = "2.53.0";

/// The body of GET /info. It names the OpenID provider, which makes clients log in there, or none:
/// then accounts log in with their password.
std::string info_json(std::string_view url = {}, std::string_view realm = {});

std::vector<server::Route> utility_routes(const Platform& platform, const std::string& version,
                                          std::string info);

/// The text of api/openapi.yaml, built into the program.
std::string_view openapi_text();

}  // namespace tideway::api

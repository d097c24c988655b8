// Time, status, version, /info and the API's own description (docs/spec/http.md 9).
#pragma once

#include <string>
#include <vector>

#include "api/platform.h"
#include "server/router.h"

namespace tideway::api {

std::vector<server::Route> utility_routes(const Platform& platform, const std::string& version);

/// The text of api/openapi.yaml, built into the program.
std::string_view openapi_text();

}  // namespace tideway::api

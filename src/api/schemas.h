// What records may hold, for programs: lists and JSON Schemas made of the declarations that check
// uploads. Public.
#pragma once

#include <vector>

#include "server/router.h"

namespace tideway::api {

std::vector<server::Route> schema_routes();

}  // namespace tideway::api

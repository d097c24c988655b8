// What of a request goes into the audit log.
#pragma once

#include <optional>

#include "audit/line.h"
#include "server/http.h"
#include "server/router.h"

namespace tideway::api {

/// Nothing for routes that say only what is no secret of anybody's: the time, the version, the
/// contract. `route` is where the request went, `notes` what its handler found out.
std::optional<audit::Event> audit_event(const server::Request& request, const server::Route& route,
                                        const server::Notes& notes, int status);

}  // namespace tideway::api

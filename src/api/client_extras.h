// Routes of services that Tideway has not, answered as an account without clinics, invitations and
// consents sees them: clients ask for these at their start and some cannot do without an answer
// (docs/spec/clients.md 5.2, 6, 12).
#pragma once

#include <vector>

#include "account/tokens.h"
#include "api/platform.h"
#include "server/router.h"

namespace tideway::api {

/// What it is given must outlive the routes.
std::vector<server::Route> client_extra_routes(const account::Tokens& tokens,
                                               const Platform& platform);

}  // namespace tideway::api

// What the routes of family G share: style E of docs/spec/http.md 4.5, and the session token as
// their credential.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "account/tokens.h"
#include "api/credentials.h"
#include "server/router.h"

namespace tideway::api {

/// A body beyond this is 413.
inline constexpr uint64_t kGatekeeperBodyBytesMax = 128 << 10;

/// A handler for callers whose token is valid; others get the 401 that belongs to them.
using GatekeeperHandler = std::function<server::Response(const server::Request&, const Identity&)>;
server::Route gatekeeper_route(std::string method, std::string pattern,
                               const account::Tokens& tokens, GatekeeperHandler handle);

server::Response text_reply(uint16_t status, std::string_view text);  ///< a bare JSON string
server::Response not_permitted();                                     ///< 401 "Unauthorized"
/// {"code":"…","message":"…"}
server::Response code_and_message(uint16_t status, std::string_view code, std::string_view message);
/// 500 without a body, the reason in the log only.
server::Response gatekeeper_failure(const server::Request& request, std::string_view reason);

}  // namespace tideway::api

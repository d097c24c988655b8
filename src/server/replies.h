// Responses in the body styles of docs/spec/http.md 4, for handlers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "server/http.h"
#include "server/trace.h"

namespace tideway::server {

/// `body` as it is, with Content-Type "application/json; charset=utf-8".
Response json_reply(uint16_t status, std::string body);

/// Style A success: {"data":…,"meta":{"trace":{…}}} without a line feed. `more_meta` are further
/// members of meta, as JSON.
Response envelope(const Request& request, uint16_t status, std::string_view data_json,
                  std::string_view more_meta = {});

/// Style A failure. The error shows `status` too, but where `show_status` is false.
Response envelope_error(const Request& request, uint16_t status, std::string_view code,
                        std::string_view title, std::string_view detail, bool show_status = true);

/// The same where the request itself is no longer at hand.
Response envelope_error(const Trace& trace, uint16_t status, std::string_view code,
                        std::string_view title, std::string_view detail, bool show_status = true);

/// Style B: one error bare, several in {"errors":[…]}, with a line feed. Not for an empty span.
Response bare_errors(uint16_t status, std::span<const Error> errors);

/// Style B for one error.
Response bare_error(uint16_t status, const Error& error);

/// Style C: {"code":401,"reason":"…"}, Content-Type "application/json".
Response code_and_reason(uint16_t status, std::string_view reason);

/// Style D: {"status":403,"id":"<uuid>","code":"…","message":"…"}, Content-Type
/// "application/json". The id is fresh.
Response fetch_error(uint16_t status, std::string_view code, std::string_view message);

}  // namespace tideway::server

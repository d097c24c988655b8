// The ids that tie a request, its response and the log lines together (docs/spec/http.md 3.2).
#pragma once

#include <string>

#include "server/http.h"

namespace tideway::server {

inline constexpr std::string_view kTraceRequestHeader = "X-Tidepool-Trace-Request";
inline constexpr std::string_view kTraceSessionHeader = "X-Tidepool-Trace-Session";

struct Trace {
  std::string request;
  std::string session;  ///< empty when the client sent none
};

/// The client's ids cut to 64 bytes; a fresh request id when it sent none. A value that could not
/// be sent back in a header counts as not sent.
Trace trace_of(const Headers& headers);

/// Puts the ids into the response's headers.
void add_trace(const Trace& trace, Headers& headers);

}  // namespace tideway::server

// The status line and the header fields as bytes.
#pragma once

#include <string>
#include <string_view>

#include "server/http.h"

namespace tideway::server {

/// How the body is delimited and what becomes of the connection.
struct Framing {
  bool http11 = true;
  bool keep_alive = true;
};

/// Everything up to and including the empty line. Fields that only the server can know
/// (Content-Length, Connection, Date …) are its own; a handler's are left out, and so are fields
/// that would break the head.
std::string response_head(const Response& response, const Framing& framing, std::string_view date);

}  // namespace tideway::server

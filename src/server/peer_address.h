// Who is at the other end of a socket.
#pragma once

#include <string>

#include "server/asio.h"

namespace tideway::server {

/// The IP address in text form, or "uid:1000" for the user whose process connected to a Unix
/// socket; empty when the peer is gone already.
std::string peer_address(Socket& socket);

}  // namespace tideway::server

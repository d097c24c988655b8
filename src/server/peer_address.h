// Who is at the other end of a socket.
#pragma once

#include <string>

#include "server/asio.h"

namespace tideway::server {

/// The IP address in text form; empty for a Unix socket, or when the peer is gone already.
std::string peer_address(const Socket& socket);

}  // namespace tideway::server

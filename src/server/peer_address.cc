#include "server/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>

namespace tideway::server {

std::string peer_address(const Socket& socket) {
  ErrorCode error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  const sockaddr* address = endpoint.data();
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* number = nullptr;
  if (address->sa_family == AF_INET) {
    number = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  } else if (address->sa_family == AF_INET6) {
    number = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  } else {
    return {};
  }
  const char* written = inet_ntop(address->sa_family, number, text.data(), text.size());
  return written == nullptr ? std::string() : std::string(written);
}

}  // namespace tideway::server

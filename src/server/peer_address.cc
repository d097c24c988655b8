#include "server/peer_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

namespace tideway::server {

namespace {

/// As the kernel knows it, so nobody can claim to be another one.
std::string peer_user(Socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
  return fmt::format("uid:{}", peer.uid);
}

}  // namespace

std::string peer_address(Socket& socket) {
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
    return address->sa_family == AF_UNIX ? peer_user(socket) : std::string();
  }
  const char* written = inet_ntop(address->sa_family, number, text.data(), text.size());
  return written == nullptr ? std::string() : std::string(written);
}

}  // namespace tideway::server

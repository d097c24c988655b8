#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "server/listen.h"

namespace tideway::server {
namespace {

using asio::ip::tcp;

std::pair<std::string, std::string> split_address(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) {
    throw std::runtime_error(fmt::format("listen address \"{}\" is not host:port", address));
  }
  std::string host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return {std::move(host), address.substr(colon + 1)};
}

ErrorCode try_listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  // A restarted server must not wait for the old one's connections to time out.
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only(false), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    ErrorCode ignored;
    acceptor.close(ignored);
  }
  return error;
}

}  // namespace

Acceptor listen_tcp(asio::io_context& context, const std::string& address) {
  const auto [host, port] = split_address(address);
  ErrorCode error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, port, tcp::resolver::passive, error);
  if (error) {
    throw std::runtime_error(fmt::format("cannot resolve \"{}\": {}", address, error.message()));
  }
  for (const auto& entry : found) {
    tcp::acceptor acceptor(context);
    error = try_listen(acceptor, entry.endpoint());
    if (error) continue;
    return Acceptor(context, Protocol(entry.endpoint().protocol()), acceptor.release());
  }
  throw std::runtime_error(fmt::format("cannot listen on \"{}\": {}", address, error.message()));
}

uint16_t port_of(const Acceptor& acceptor) {
  const auto local = acceptor.local_endpoint();
  tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), local.data(), local.size());
  return endpoint.port();
}

}  // namespace tideway::server

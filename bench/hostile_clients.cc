#include "bench/hostile_clients.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "bench/fail.h"

namespace tideway::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t kConnectionsAnAddress = 8000;
constexpr auto kDripEvery = std::chrono::milliseconds(10'000);
const std::string kBegun = "GET /status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

sockaddr_in address(uint32_t host, uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(host);
  return result;
}

}  // namespace

Connections::~Connections() { close_all(); }

void Connections::close_all() {
  for (const int socket : sockets_) close(socket);
  sockets_.clear();
}

int Connections::connect(const std::string& bytes, int receive_bytes) const {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) fail(fmt::format("no more sockets: {} (ulimit -n)", strerror(errno)));
  if (receive_bytes > 0) {
    setsockopt(made, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  }
  // The port is left to connect(): bind() would look through all that are taken, for milliseconds.
  const int on = 1;
  setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const auto of = static_cast<uint32_t>(sockets_.size() / kConnectionsAnAddress);
  const sockaddr_in from = address(INADDR_LOOPBACK + 1 + of, 0);
  const sockaddr_in to = address(INADDR_LOOPBACK, port_);
  if (bind(made, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
      ::connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    fail(fmt::format("cannot connect: {}", strerror(errno)));
  }
  if (!bytes.empty()) ::send(made, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return made;
}

void Connections::open(const std::string& bytes, int receive_bytes) {
  sockets_.push_back(connect(bytes, receive_bytes));
}

void Connections::reopen_if_closed(size_t index, const std::string& bytes) {
  char byte = 0;
  const ssize_t got = recv(sockets_[index], &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0 || (got < 0 && errno == EAGAIN)) return;
  close(sockets_[index]);
  sockets_[index] = connect(bytes, 0);
}

void Connections::send(size_t index, char byte) const {
  ::send(sockets_[index], &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Connections::end_output(size_t index) const { shutdown(sockets_[index], SHUT_WR); }

void Connections::await_answer(size_t index) const {
  std::array<char, 4096> answer;
  recv(sockets_[index], answer.data(), answer.size(), 0);
}

Drips::Drips(uint16_t port, size_t count) : connections_(port) {
  for (size_t i = 0; i < count; ++i) connections_.open(kBegun);
  thread_ = std::thread([this] { drip(stop_); });
}

Drips::~Drips() {
  stop_ = true;
  thread_.join();
}

void Drips::drip(const std::atomic<bool>& stop) {
  // In small groups, evenly over the ten seconds.
  constexpr size_t kGroups = 200;
  auto next = Clock::now();
  for (size_t group = 0; !stop; group = (group + 1) % kGroups) {
    for (size_t i = group; i < connections_.size(); i += kGroups) {
      connections_.reopen_if_closed(i, kBegun);
      connections_.send(i, 'a');
    }
    next += kDripEvery / kGroups;
    std::this_thread::sleep_until(next);
  }
}

}  // namespace tideway::bench

#include "bench/swarm.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "bench/fail.h"
#include "bench/http_client.h"

namespace tideway::bench {
namespace {

int connect_to(uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail(fmt::format("cannot connect to port {}: {}", port, strerror(errno)));
  }
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

struct Connection {
  int socket = -1;
  std::string request;
  std::string answer;
  Clock::time_point begin;
};

/// The size of the whole answer, 0 while its head is not complete.
size_t answer_size(std::string_view received) {
  constexpr std::string_view kHeadEnd = "\r\n\r\n";
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const size_t head_end = received.find(kHeadEnd);
  if (head_end == received.npos) return 0;
  if (!received.starts_with("HTTP/1.1 20")) fail(received);
  const size_t at = received.find(kLength);
  size_t length = 0;
  if (at >= head_end) fail("an answer without a length");
  std::from_chars(received.data() + at + kLength.size(), received.data() + head_end, length);
  return head_end + kHeadEnd.size() + length;
}

class Swarm {
 public:
  Swarm(uint16_t port, size_t count, const NextRequest& next)
      : next_(next), epoll_(epoll_create1(EPOLL_CLOEXEC)), connections_(count) {
    for (size_t i = 0; i < count; ++i) {
      connections_[i].socket = connect_to(port);
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].socket, &event);
    }
  }

  ~Swarm() {
    for (const Connection& connection : connections_) close(connection.socket);
    close(epoll_);
  }

  SwarmTally run() {
    const auto begin = Clock::now();
    for (size_t i = 0; i < connections_.size(); ++i) begin_request(i);
    std::array<epoll_event, 64> events;
    while (busy_ > 0) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i)
        receive(static_cast<size_t>(events[static_cast<size_t>(i)].data.u64));
    }
    tally_.seconds = seconds_between(begin, Clock::now());
    return std::move(tally_);
  }

 private:
  void begin_request(size_t index) {
    Connection& connection = connections_[index];
    connection.request.clear();
    if (!next_(index, connection.answer, connection.request)) return;
    connection.answer.clear();
    ++busy_;
    connection.begin = Clock::now();
    // Blocking: requests are smaller than the buffers of a socket, or the server reads.
    for (std::string_view rest = connection.request; !rest.empty();) {
      const ssize_t sent = send(connection.socket, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) fail(fmt::format("cannot send: {}", strerror(errno)));
      rest.remove_prefix(static_cast<size_t>(sent));
    }
    tally_.sent_bytes += connection.request.size();
  }

  void receive(size_t index) {
    Connection& connection = connections_[index];
    std::array<char, 16 * 1024> piece;
    const ssize_t count = recv(connection.socket, piece.data(), piece.size(), 0);
    if (count <= 0) fail("the connection ended before the answer did");
    connection.answer.append(piece.data(), static_cast<size_t>(count));
    const size_t size = answer_size(connection.answer);
    if (size == 0 || connection.answer.size() < size) return;
    tally_.latencies_s.push_back(seconds_between(connection.begin, Clock::now()));
    --busy_;
    begin_request(index);
  }

  const NextRequest& next_;
  const int epoll_;
  std::vector<Connection> connections_;
  size_t busy_ = 0;
  SwarmTally tally_;
};

}  // namespace

SwarmTally swarm(uint16_t port, size_t connections, const NextRequest& next) {
  return Swarm(port, connections, next).run();
}

std::string post(std::string_view target, std::string_view fields, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n{}",
                     target, body.size(), fields, body);
}

}  // namespace tideway::bench

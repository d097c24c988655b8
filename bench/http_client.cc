#include "bench/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "bench/fail.h"

namespace tideway::bench {
namespace {

constexpr size_t kReadBytes = 256 * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
/// No JSON text holds a carriage return, so this stands at the end of an answer only.
constexpr std::string_view kLastChunk = "\r\n0\r\n\r\n";

size_t number(std::string_view digits, int base) {
  size_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return value;
}

}  // namespace

std::string_view Answer::field(std::string_view name) const {
  std::string_view rest = std::string_view(bytes).substr(0, head_size);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    const bool same = strncasecmp(line.data(), name.data(), name.size()) == 0;
    if (same) return line.substr(std::min(line.size(), name.size() + 2));
  }
  return {};
}

std::string Answer::body() const {
  std::string_view rest = std::string_view(bytes).substr(head_size);
  if (!chunked) return std::string(rest);
  std::string out;
  out.reserve(rest.size());
  while (!rest.empty()) {
    const size_t line = rest.find("\r\n");
    const size_t size = number(rest.substr(0, line), 16);
    if (size == 0) break;
    out += rest.substr(line + 2, size);
    rest.remove_prefix(line + 2 + size + 2);
  }
  return out;
}

HttpClient::HttpClient(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail(fmt::format("cannot connect to port {}: {}", port, strerror(errno)));
  }
}

HttpClient::~HttpClient() { close(socket_); }

const Answer& HttpClient::send(std::string_view method, std::string_view target,
                               std::string_view fields, std::string_view body) {
  const std::string head =
      fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n", method,
                  target, body.size(), fields);
  const auto begin = Clock::now();
  write(head, body);
  read_answer(Clock::now());
  answer_.seconds = seconds_between(begin, Clock::now());
  return answer_;
}

void HttpClient::write(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    const std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                        iovec{const_cast<char*>(body.data()), body.size()}};
    const ssize_t written = writev(socket_, parts.data(), parts.size());
    if (written <= 0) fail(fmt::format("cannot send: {}", strerror(errno)));
    const size_t of_head = std::min(head.size(), static_cast<size_t>(written));
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<size_t>(written) - of_head);
  }
}

void HttpClient::read_some() {
  std::string& bytes = answer_.bytes;
  const size_t size = bytes.size();
  ssize_t count = 0;
  bytes.resize_and_overwrite(size + kReadBytes, [&](char* data, size_t) {
    count = recv(socket_, data + size, kReadBytes, 0);
    return size + static_cast<size_t>(std::max<ssize_t>(count, 0));
  });
  if (count <= 0) fail("the connection ended before the answer did");
}

void HttpClient::read_answer(Clock::time_point sent) {
  answer_.bytes.clear();
  answer_.head_size = 0;
  read_some();
  answer_.first_byte_s = seconds_between(sent, Clock::now());
  size_t head_end = 0;
  while ((head_end = answer_.bytes.find(kHeadEnd)) == std::string::npos) read_some();
  answer_.head_size = head_end + kHeadEnd.size();
  answer_.status = static_cast<unsigned>(
      number(std::string_view(answer_.bytes).substr(sizeof "HTTP/1.1", 3), 10));
  answer_.chunked = answer_.field("transfer-encoding") == "chunked";
  if (answer_.chunked) {
    while (!answer_.bytes.ends_with(kLastChunk)) read_some();
  } else {
    const size_t size = answer_.head_size + number(answer_.field("content-length"), 10);
    while (answer_.bytes.size() < size) read_some();
  }
}

}  // namespace tideway::bench

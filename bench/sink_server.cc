#include "bench/sink_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <string_view>

namespace tideway::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

size_t content_length(std::string_view head) {
  constexpr std::string_view kField = "\r\nContent-Length: ";
  const size_t at = head.find(kField);
  size_t length = 0;
  if (at == head.npos) return 0;
  std::from_chars(head.data() + at + kField.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

SinkServer::SinkServer(std::string answer_body)
    : head_(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer_body.size())),
      body_(std::move(answer_body)),
      acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      thread_([this] { accept(); }) {}

SinkServer::~SinkServer() {
  // Wakes the thread that waits in accept(), which closing would not.
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  thread_.join();
  for (std::thread& connection : connections_) connection.join();
}

void SinkServer::accept() {
  boost::system::error_code error;
  while (true) {
    tcp::socket socket(context_);
    acceptor_.accept(socket, error);
    if (error) return;
    connections_.emplace_back(
        [this, socket = std::move(socket)]() mutable { serve(std::move(socket)); });
  }
}

void SinkServer::serve(tcp::socket socket) const {
  socket.set_option(tcp::no_delay(true));
  std::string received;
  std::vector<char> scratch(64 * 1024);
  boost::system::error_code error;
  while (true) {
    const size_t head = asio::read_until(socket, asio::dynamic_buffer(received), "\r\n\r\n", error);
    if (error) return;
    const size_t size = head + content_length(std::string_view(received).substr(0, head));
    for (size_t at = received.size(); at < size && !error;) {
      at += socket.read_some(asio::buffer(scratch.data(), std::min(scratch.size(), size - at)),
                             error);
    }
    received.clear();  // clients send the next request only after the answer
    if (!error) asio::write(socket, std::array{asio::buffer(head_), asio::buffer(body_)}, error);
    if (error) return;
  }
}

}  // namespace tideway::bench

#include "tests/server/client.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace tideway::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

Client::Client(uint16_t port) {
  socket_.connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port), error_);
}

Client::Client(const std::string& unix_socket_path) {
  socket_.connect(asio::local::stream_protocol::endpoint(unix_socket_path), error_);
}

bool Client::run(std::chrono::milliseconds patience) {
  context_.restart();
  context_.run_for(patience);
  if (context_.stopped()) return true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  context_.run();
  return false;
}

void Client::send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes), error_); }

void Client::send_what_it_takes(std::string_view bytes) {
  asio::async_write(socket_, asio::buffer(bytes), [](boost::system::error_code, size_t) {});
  run();
}

std::optional<Reply> Client::read(bool to_head) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  parser.skip(to_head);
  http::async_read(socket_, buffer_, parser,
                   [this](boost::system::error_code error, size_t) { error_ = error; });
  run();
  if (error_) return std::nullopt;
  Reply reply{.status = parser.get().result_int(),
              .headers = {},
              .body = parser.get().body(),
              .chunked = parser.chunked()};
  for (const auto& field : parser.get()) reply.headers.add(field.name_string(), field.value());
  return reply;
}

std::optional<Reply> Client::ask(std::string_view bytes) {
  send(bytes);
  return read();
}

std::string Client::read_raw() {
  std::string bytes;
  asio::async_read(socket_, asio::dynamic_buffer(bytes),
                   [this](boost::system::error_code error, size_t) { error_ = error; });
  run();
  return bytes;
}

std::string Client::read_interim() {
  std::string line(25, '\0');
  asio::async_read(socket_, asio::buffer(line),
                   [this](boost::system::error_code error, size_t) { error_ = error; });
  run();
  return line;
}

bool Client::is_closed_within(std::chrono::milliseconds patience) {
  char byte = 0;
  bool closed = false;
  socket_.async_read_some(asio::buffer(&byte, 1), [&](boost::system::error_code error, size_t) {
    closed = error == asio::error::eof || error == asio::error::connection_reset;
    error_ = error;
  });
  run(patience);
  return closed;
}

bool Client::has_input_within(std::chrono::milliseconds patience) {
  bool readable = false;
  socket_.async_wait(asio::socket_base::wait_read,
                     [&](boost::system::error_code error) { readable = !error; });
  run(patience);
  return readable;
}

void Client::end_of_output() {
  boost::system::error_code ignored;
  socket_.shutdown(boost::asio::socket_base::shutdown_send, ignored);
}

void Client::close() { socket_.close(); }

std::string get(std::string_view target, std::string_view fields) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", target, fields);
}

std::string post(std::string_view target, std::string_view body, std::string_view fields) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n{}\r\n{}", target,
                     body.size(), fields, body);
}

}  // namespace tideway::server

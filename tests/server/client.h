// A client for tests: raw bytes over a socket, never waiting for ever.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/http.h"

namespace tideway::server {

struct Reply {
  unsigned status = 0;
  Headers headers;
  std::string body;  ///< chunks joined, otherwise as sent
  bool chunked = false;
};

class Client {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  explicit Client(uint16_t port);
  explicit Client(const std::string& unix_socket_path);  ///< a short path

  bool connected() const { return !error_; }

  void send(std::string_view bytes);
  /// Sends until all is sent, or the server closes.
  void send_what_it_takes(std::string_view bytes);

  /// The next whole response; nothing when the connection ended before its end. `error()` then
  /// says how.
  std::optional<Reply> read(bool to_head = false);
  /// send() and read().
  std::optional<Reply> ask(std::string_view bytes);
  /// All bytes until the connection ends, however it does, as they come.
  std::string read_raw();
  /// A "100 Continue" line, as sent.
  std::string read_interim();

  /// Whether the server ends the connection, without sending anything more, before `patience`.
  bool is_closed_within(std::chrono::milliseconds patience = kPatience);

  /// Whether something to read, be it the end, arrives before `patience`.
  bool has_input_within(std::chrono::milliseconds patience);

  void end_of_output();  ///< sends nothing more, but still reads

  boost::system::error_code error() const { return error_; }
  void close();

 private:
  /// Runs what was started; cancels it when it takes too long.
  bool run(std::chrono::milliseconds patience = kPatience);

  boost::asio::io_context context_;
  boost::asio::generic::stream_protocol::socket socket_{context_};
  boost::beast::flat_buffer buffer_;
  boost::system::error_code error_;
};

/// "GET <target> HTTP/1.1" with a Host and `fields`, each ending with CR LF.
std::string get(std::string_view target, std::string_view fields = "");
/// "POST <target> HTTP/1.1" with a Host, a Content-Length, `fields` and `body`.
std::string post(std::string_view target, std::string_view body, std::string_view fields = "");

}  // namespace tideway::server

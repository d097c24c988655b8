// The least that a server of the same requests has to do: read each whole, send a fixed answer.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace tideway::bench {

/// Serves any number of connections, each in a thread of its own, from construction on.
class SinkServer {
 public:
  explicit SinkServer(std::string answer_body);
  /// Waits for its connections, which the clients have to end first.
  ~SinkServer();

  uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept();
  void serve(boost::asio::ip::tcp::socket socket) const;

  std::string head_;
  std::string body_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

}  // namespace tideway::bench

// Clients that cost a server as much as they can for as little as they can.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace tideway::bench {

/// Opens connections, from several addresses of this machine: one has not enough ports.
class Connections {
 public:
  explicit Connections(uint16_t port) : port_(port) {}
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Opens another one and sends `bytes`; `receive_bytes` bounds what the kernel takes in for it.
  void open(const std::string& bytes, int receive_bytes = 0);
  /// Opens it again if the server has closed it.
  void reopen_if_closed(size_t index, const std::string& bytes);
  void send(size_t index, char byte) const;
  void end_output(size_t index) const;
  /// Waits for an answer, which is thrown away.
  void await_answer(size_t index) const;
  void close_all();
  size_t size() const { return sockets_.size(); }

 private:
  int connect(const std::string& bytes, int receive_bytes) const;

  const uint16_t port_;
  std::vector<int> sockets_;
};

/// `count` connections that begin a request and go on by a byte every ten seconds. Those that the
/// server closes come back.
class Drips {
 public:
  Drips(uint16_t port, size_t count);
  ~Drips();

 private:
  void drip(const std::atomic<bool>& stop);

  Connections connections_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace tideway::bench

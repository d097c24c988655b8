// Opening the sockets on which a server waits. All functions throw std::runtime_error with a text
// for the operator when they cannot.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "server/asio.h"

namespace tideway::server {

/// "host:port", "[v6 address]:port" or ":port"; port 0 takes a free one. The first address of a
/// host name that can be bound is taken.
Acceptor listen_tcp(asio::io_context& context, const std::string& address);

/// The TCP port of an acceptor.
uint16_t port_of(const Acceptor& acceptor);

/// The file of a listening Unix socket; removed at the end of its life, if it is still the same.
class SocketFile {
 public:
  /// Binds `socket` to `path` and gives the file mode 0600. A file left over by a server that is
  /// gone is replaced; a socket that somebody listens on, or another kind of file, is not.
  SocketFile(int socket, const std::string& path);
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  std::string address() const;
  void remove_left_over() const;

  const std::string path_;  ///< for texts
  std::string name_;        ///< inside the directory
  int directory_ = -1;
  uint64_t device_ = 0;
  uint64_t inode_ = 0;
};

/// Listens on a new Unix socket at `path`, whose file `file` then stands for.
Acceptor listen_unix(asio::io_context& context, const std::string& path,
                     std::unique_ptr<SocketFile>& file);

}  // namespace tideway::server

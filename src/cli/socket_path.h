// The Unix socket in the data directory, by which a command reaches the server that runs there.
#pragma once

#include <expected>
#include <string>

namespace tideway::cli {

/// DIRECTORY/tideway.sock
std::string socket_file(const std::string& directory);

/// A path for that file to connect to that fits into a socket address, which holds only 107 bytes.
/// A longer one goes by way of /proc/self/fd and is good for as long as this object lives.
class SocketPath {
 public:
  /// The directory must exist. The error is a line for the user.
  static std::expected<SocketPath, std::string> in(const std::string& directory);

  SocketPath(SocketPath&& other) noexcept;
  SocketPath& operator=(SocketPath&&) = delete;
  ~SocketPath();

  const std::string& path() const { return path_; }

 private:
  SocketPath(int directory_fd, std::string path);

  int directory_fd_;  ///< -1 when the plain path is short enough
  std::string path_;
};

}  // namespace tideway::cli

#include "cli/socket_path.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace tideway::cli {

std::string socket_file(const std::string& directory) { return directory + "/tideway.sock"; }

std::expected<SocketPath, std::string> SocketPath::in(const std::string& directory) {
  std::string plain = socket_file(directory);
  // The address ends with a zero byte.
  if (plain.size() < sizeof(sockaddr_un::sun_path)) return SocketPath(-1, std::move(plain));
  const int fd = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    const std::string why = std::generic_category().message(errno);
    return std::unexpected(fmt::format("{}: cannot be opened: {}", directory, why));
  }
  return SocketPath(fd, fmt::format("/proc/self/fd/{}/tideway.sock", fd));
}

SocketPath::SocketPath(int directory_fd, std::string path)
    : directory_fd_(directory_fd), path_(std::move(path)) {}

SocketPath::SocketPath(SocketPath&& other) noexcept
    : directory_fd_(std::exchange(other.directory_fd_, -1)), path_(std::move(other.path_)) {}

SocketPath::~SocketPath() {
  if (directory_fd_ >= 0) ::close(directory_fd_);
}

}  // namespace tideway::cli

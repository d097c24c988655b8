// A socket address holds about a hundred bytes of path, paths of data directories may be longer.
// So the directory is opened, and the address is /proc/self/fd/<directory>/<name>: short for any
// path. The descriptor also pins the directory: the file removed at the end is the one made.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "server/listen.h"

namespace tideway::server {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view what) {
  throw std::runtime_error(fmt::format("cannot listen on Unix socket \"{}\": {}", path, what));
}

[[noreturn]] void fail_with_errno(const std::string& path, std::string_view what) {
  const int code = errno;
  fail(path, fmt::format("{}: {}", what, std::generic_category().message(code)));
}

sockaddr_un socket_address(const std::string& text, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (text.size() >= sizeof address.sun_path) fail(path, "file name too long");
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// Whether somebody accepts connections on the socket file.
bool is_alive(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return true;
  const bool refused =
      ::connect(probe, generic(address), sizeof address) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return !refused;
}

}  // namespace

SocketFile::SocketFile(int socket, const std::string& path) : path_(path) {
  const size_t slash = path.rfind('/');
  name_ = slash == std::string::npos ? path : path.substr(slash + 1);
  std::string directory = slash == std::string::npos ? "." : path.substr(0, slash);
  if (directory.empty()) directory += '/';
  directory_ = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory_ < 0) fail_with_errno(path, "cannot open its directory");
  try {
    remove_left_over();
    const sockaddr_un where = socket_address(address(), path);
    if (::bind(socket, generic(where), sizeof where) != 0) fail_with_errno(path, "bind");
    // Nobody can connect before listen(), which comes after this.
    struct stat made{};
    if (::fchmodat(directory_, name_.c_str(), 0600, 0) != 0 ||
        ::fstatat(directory_, name_.c_str(), &made, AT_SYMLINK_NOFOLLOW) != 0) {
      fail_with_errno(path, "cannot set its mode");
    }
    device_ = made.st_dev;
    inode_ = made.st_ino;
  } catch (...) {
    ::close(directory_);
    throw;
  }
}

SocketFile::~SocketFile() {
  struct stat now{};
  const bool found = ::fstatat(directory_, name_.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0;
  // Another server may have put its own socket there meanwhile.
  if (found && now.st_dev == device_ && now.st_ino == inode_) {
    ::unlinkat(directory_, name_.c_str(), 0);
  }
  ::close(directory_);
}

std::string SocketFile::address() const {
  return fmt::format("/proc/self/fd/{}/{}", directory_, name_);
}

void SocketFile::remove_left_over() const {
  struct stat present{};
  if (::fstatat(directory_, name_.c_str(), &present, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (!S_ISSOCK(present.st_mode)) fail(path_, "another kind of file is there");
  if (is_alive(socket_address(address(), path_))) fail(path_, "another server listens there");
  if (::unlinkat(directory_, name_.c_str(), 0) != 0) fail_with_errno(path_, "cannot replace it");
}

Acceptor listen_unix(asio::io_context& context, const std::string& path,
                     std::unique_ptr<SocketFile>& file) {
  Acceptor acceptor(context);
  ErrorCode error;
  acceptor.open(Protocol(AF_UNIX, 0), error);
  if (error) fail(path, error.message());
  file = std::make_unique<SocketFile>(acceptor.native_handle(), path);
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) fail(path, error.message());
  return acceptor;
}

}  // namespace tideway::server

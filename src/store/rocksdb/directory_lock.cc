#include "store/rocksdb/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace tideway::store {
namespace {

constexpr mode_t kDirectoryMode = 0700;  // health data: nobody else's business
constexpr mode_t kFileMode = 0600;

std::unexpected<Error> failed(std::string_view what, const std::string& path, int error_number) {
  return std::unexpected(Error{Error::Kind::kUnavailable,
                               fmt::format("{} {}: {}", what, path, std::strerror(error_number))});
}

/// A new directory is an entry of its parent, which has to reach the disk too.
void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

Result<void> make_directory(const std::string& directory) {
  const std::filesystem::path path = std::filesystem::absolute(directory).lexically_normal();
  // "a/b/" has an empty last part, and its parent would be itself.
  const std::filesystem::path parent =
      path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  if (error) return failed("cannot create", parent, error.value());
  if (::mkdir(directory.c_str(), kDirectoryMode) == 0) {
    sync_directory(parent);
  } else if (errno != EEXIST) {
    return failed("cannot create", directory, errno);
  }
  return {};
}

}  // namespace

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory) {
  if (const Result<void> made = make_directory(directory); !made) {
    return std::unexpected(made.error());
  }
  const std::string path = directory + "/TIDEWAY_LOCK";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (descriptor < 0) return failed("cannot open", path, errno);
  DirectoryLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return failed("cannot lock", path, errno);
  return std::unexpected(
      Error{Error::Kind::kLocked, fmt::format("{} is in use by another process", directory)});
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tideway::store

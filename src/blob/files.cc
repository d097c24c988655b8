#include "blob/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "base/ids.h"

namespace tideway::blob {
namespace {

using store::Result;

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyDirectory = 0700;

std::unexpected<store::Error> failed(std::string_view what) {
  return std::unexpected(io_error(what));
}

Result<void> make_directory(const std::string& path) {
  if (mkdir(path.c_str(), kOwnerOnlyDirectory) == 0 || errno == EEXIST) return {};
  return failed("making a directory");
}

/// Makes the names in a directory last.
Result<void> sync_directory(const std::string& path) {
  const Descriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0) return failed("syncing a directory");
  return {};
}

/// A name that is there already is as good: an interrupted step is being repeated.
Result<void> add_name(const std::string& from, const std::string& to) {
  if (link(from.c_str(), to.c_str()) == 0 || errno == EEXIST) return {};
  return failed("linking a file");
}

Result<void> remove_name(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return failed("removing a file");
}

}  // namespace

store::Error io_error(std::string_view what) {
  return {store::Error::Kind::kUnavailable,
          fmt::format("{} failed: {}", what, std::generic_category().message(errno))};
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

std::string Files::pending_path(std::string_view id) const {
  return fmt::format("{}/pending/{}", directory_, id);
}
std::string Files::stored_directory(std::string_view id) const {
  return fmt::format("{}/{}", directory_, id.substr(0, 2));
}
std::string Files::stored_path(std::string_view id) const {
  return fmt::format("{}/{}", stored_directory(id), id);
}

Result<void> Files::prepare() const {
  if (directory_.empty()) {
    return std::unexpected(
        store::Error{store::Error::Kind::kUnavailable, "there is no directory for blobs"});
  }
  if (auto made = make_directory(directory_); !made) return made;
  return make_directory(directory_ + "/pending");
}

Result<Descriptor> Files::create_pending(std::string_view id) const {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(open(pending_path(id).c_str(), flags, kOwnerOnlyFile));
  if (file.get() < 0) return failed("creating a file");
  return file;
}

Result<Descriptor> Files::open_stored(std::string_view id) const {
  Descriptor file(open(stored_path(id).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0) return failed("opening the content of a blob");
  return file;
}

Result<void> Files::store_pending(std::string_view id) const {
  const std::string home = stored_directory(id);
  if (auto synced = sync_directory(directory_ + "/pending"); !synced) return synced;
  if (auto made = make_directory(home); !made) return made;
  if (auto synced = sync_directory(directory_); !synced) return synced;
  if (auto linked = add_name(pending_path(id), stored_path(id)); !linked) return linked;
  return sync_directory(home);
}

Result<void> Files::mark_pending(std::string_view id) const {
  if (access(stored_path(id).c_str(), F_OK) != 0 && errno == ENOENT) return {};
  if (auto linked = add_name(stored_path(id), pending_path(id)); !linked) return linked;
  return sync_directory(directory_ + "/pending");
}

Result<void> Files::remove_stored(std::string_view id) const {
  const std::string home = stored_directory(id);
  if (access(home.c_str(), F_OK) != 0 && errno == ENOENT) return {};
  if (auto removed = remove_name(stored_path(id)); !removed) return removed;
  return sync_directory(home);
}

Result<void> Files::remove_pending(std::string_view id) const {
  return remove_name(pending_path(id));
}

Result<std::vector<std::string>> Files::pending() const {
  const auto close = [](DIR* directory) { closedir(directory); };
  const std::unique_ptr<DIR, decltype(close)> directory(opendir((directory_ + "/pending").c_str()),
                                                        close);
  if (directory == nullptr) return failed("listing a directory");
  std::vector<std::string> ids;
  while (const dirent* entry = readdir(directory.get())) {
    if (is_data_id(entry->d_name)) ids.emplace_back(entry->d_name);
  }
  return ids;
}

}  // namespace tideway::blob

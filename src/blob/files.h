// The files of blobs, and how they come and go without leaving half of anything behind.
//
//   <directory>/<first two characters of the id>/<id>   content that is, or was until now, a blob's
//   <directory>/pending/<id>                            an upload under way, or a deletion
//
// Whatever changes is named in pending/ first, on disk. An upload is written there; when it is
// complete and synced it gets its second name, the place of its content, then its entry in the
// store, and loses the first. A deletion gives the content its name in pending/ back, erases the
// entry, then both names. So a start need look at nothing but pending/: what has an entry stays,
// what has none goes, with its content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace tideway::blob {

/// An open file, closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return fd_; }

 private:
  int fd_;
};

/// Ids must have been made by the server: they become names of files. Safe to call from any thread,
/// but for the same id from one at a time.
class Files {
 public:
  explicit Files(std::string directory) : directory_(std::move(directory)) {}

  /// Makes the directories that are not there yet, for the owner alone.
  store::Result<void> prepare() const;

  store::Result<Descriptor> create_pending(std::string_view id) const;
  store::Result<Descriptor> open_stored(std::string_view id) const;

  /// The content of a synced pending file gets its place; both names are on disk then.
  store::Result<void> store_pending(std::string_view id) const;
  /// The reverse. A content that is not there is no error.
  store::Result<void> mark_pending(std::string_view id) const;
  /// Removes the content, for good.
  store::Result<void> remove_stored(std::string_view id) const;
  store::Result<void> remove_pending(std::string_view id) const;

  store::Result<std::vector<std::string>> pending() const;  ///< ids; what has no such name is left

 private:
  std::string pending_path(std::string_view id) const;
  std::string stored_directory(std::string_view id) const;
  std::string stored_path(std::string_view id) const;

  std::string directory_;
};

/// What errno says, as an error of the store. The path is not part of it.
store::Error io_error(std::string_view what);

}  // namespace tideway::blob

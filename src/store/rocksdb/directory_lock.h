// The right to use a data directory, held by one process at a time.
#pragma once

#include <string>

#include "store/store.h"

namespace tideway::store {

/// RocksDB has a lock file of its own, but reports a held lock like any other I/O error. This one
/// is taken before it, so that a second start can say what is wrong. The kernel drops it with the
/// process, however that ends.
class DirectoryLock {
 public:
  /// Makes the directory (mode 0700, parents as the umask has it) if there is none, and locks it.
  /// kLocked when it is locked already, be it by this process.
  static Result<DirectoryLock> acquire(const std::string& directory);

  ~DirectoryLock();
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace tideway::store

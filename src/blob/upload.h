// The content of a blob on its way to the disk.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "blob/files.h"
#include "blob/md5.h"
#include "store/store.h"

namespace tideway::blob {

/// One that is destroyed before Blobs::add() took it leaves nothing behind. Not for several
/// threads.
class Upload {
 public:
  /// `running` is counted down at the end. Both must outlive it.
  Upload(const Files& files, std::atomic<uint32_t>& running, std::string id, Descriptor file);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  store::Result<void> append(std::string_view bytes);
  /// Brings all of it to the disk; nothing may be appended after it.
  store::Result<void> finish();

  const std::string& id() const { return id_; }
  uint64_t size_bytes() const { return size_bytes_; }
  const std::string& digest_md5() const { return digest_md5_; }  ///< after finish()

  void keep() { kept_ = true; }  ///< its content is a blob's now

 private:
  const Files& files_;
  std::atomic<uint32_t>& running_;
  const std::string id_;
  Descriptor file_;
  Md5 md5_;
  uint64_t size_bytes_ = 0;
  std::string digest_md5_;
  bool kept_ = false;
};

}  // namespace tideway::blob

// Reading the content of a blob back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "blob/blob.h"
#include "blob/files.h"
#include "blob/md5.h"
#include "store/store.h"

namespace tideway::blob {

/// Goes on even when the blob is deleted meanwhile. Not for several threads.
class Content {
 public:
  /// kCorruption when the file has not the size that was stored.
  static store::Result<std::unique_ptr<Content>> open(const Files& files, const Blob& blob);

  /// Appends the next part to `out`. False when that was the last one. The last part is given only
  /// when the whole has the checksum that was stored; else kCorruption.
  store::Result<bool> next(std::string& out);

 private:
  Content(Descriptor file, const Blob& blob);

  Descriptor file_;
  uint64_t left_bytes_;
  const std::string digest_md5_;
  Md5 md5_;
};

}  // namespace tideway::blob

#include "blob/upload.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace tideway::blob {

Upload::Upload(const Files& files, std::atomic<uint32_t>& running, std::string id, Descriptor file)
    : files_(files), running_(running), id_(std::move(id)), file_(std::move(file)) {}

Upload::~Upload() {
  // What cannot be removed now is removed by the next start.
  if (!kept_) static_cast<void>(files_.remove_pending(id_));
  running_.fetch_sub(1, std::memory_order_relaxed);
}

store::Result<void> Upload::append(std::string_view bytes) {
  md5_.add(bytes);
  size_bytes_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(io_error("writing the content of a blob"));
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

store::Result<void> Upload::finish() {
  if (fsync(file_.get()) != 0) return std::unexpected(io_error("syncing the content of a blob"));
  digest_md5_ = md5_.base64();
  return {};
}

}  // namespace tideway::blob
